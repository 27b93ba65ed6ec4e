//! What is kept of a file: pixels, in three sizes, and nothing else.

use ashiato::photo::picture::{NoPicture, Picture, Size, draw};
use entity::values::PhotoFormat;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use rstest::rstest;

use super::{drawn, encoded, jpeg, png};

const MOST: u64 = 40_000_000;

fn sizes(picture: &Picture) -> Vec<(u32, u32)> {
    let files = picture.files.iter();
    files
        .map(|file| image::load_from_memory(file).unwrap().dimensions())
        .collect()
}

fn large(picture: &Picture) -> DynamicImage {
    image::load_from_memory(&picture.files[2]).unwrap()
}

#[test]
fn it_comes_in_three_sizes_and_is_never_enlarged() {
    for (width, height, expected) in [
        (3000, 1500, [(180, 90), (600, 300), (1600, 800)]),
        (1500, 3000, [(90, 180), (300, 600), (800, 1600)]),
        // More than twice the largest, where the way is another.
        (7000, 700, [(180, 18), (600, 60), (1600, 160)]),
        (500, 400, [(180, 144), (500, 400), (500, 400)]),
        (1, 1, [(1, 1); 3]),
        (4000, 1, [(180, 1), (600, 1), (1600, 1)]),
    ] {
        let picture = draw(&png(width, height), MOST).unwrap();
        assert_eq!(sizes(&picture), expected, "{width} × {height}");
        assert_eq!((picture.width, picture.height), expected[2]);
        let bytes: usize = picture.files.iter().map(|file| file.len()).sum();
        assert_eq!(picture.bytes(), i64::try_from(bytes).unwrap());
    }
    assert_eq!(Size::ALL.map(Size::longest), [180, 600, 1600]);
}

#[rstest]
#[case::jpeg(ImageFormat::Jpeg)]
#[case::png(ImageFormat::Png)]
#[case::webp(ImageFormat::WebP)]
fn it_is_told_by_its_content(#[case] format: ImageFormat) {
    let picture = draw(&encoded(&drawn(300, 200), format), MOST).unwrap();
    assert_eq!(picture.format, PhotoFormat::Jpeg);
    for file in &picture.files {
        assert_eq!(image::guess_format(file).unwrap(), ImageFormat::Jpeg);
    }
}

#[test]
fn what_lets_through_what_is_behind_it_goes_on_doing_so() {
    let clear = RgbaImage::from_fn(40, 40, |x, _| {
        Rgba([200, 0, 0, if x < 20 { 0 } else { 255 }])
    });
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let picture = draw(&encoded(&clear.clone().into(), format), MOST).unwrap();
        assert_eq!(picture.format, PhotoFormat::Png);
        let large = large(&picture).to_rgba8();
        assert_eq!(large.get_pixel(0, 0).0[3], 0);
        assert_eq!(large.get_pixel(39, 0).0, [200, 0, 0, 255]);
    }
    // Nothing shows through where it only could.
    let solid = RgbaImage::from_pixel(40, 40, Rgba([200, 0, 0, 255]));
    let picture = draw(&encoded(&solid.into(), ImageFormat::Png), MOST).unwrap();
    assert_eq!(picture.format, PhotoFormat::Jpeg);
}

#[test]
fn sixteen_bits_and_greys_are_drawn_too() {
    let wide = DynamicImage::ImageRgb16(drawn(30, 20).to_rgb16());
    let grey = DynamicImage::ImageLuma8(drawn(30, 20).to_luma8());
    for image in [wide, grey] {
        let picture = draw(&encoded(&image, ImageFormat::Png), MOST).unwrap();
        assert_eq!(sizes(&picture), [(30, 20); 3]);
    }
}

/// `file` with what a camera writes beside the picture: how it was held, and where.
pub fn with_exif(file: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend_from_slice(PLACE);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&file[..2], b"\xff\xe1", &length, &exif, &file[2..]].concat()
}

const PLACE: &[u8] = b"35.6586N 139.7454E";

#[test]
fn it_stands_as_it_was_held_and_tells_no_place() {
    // The left half is white.
    let held = RgbImage::from_fn(64, 32, |x, _| Rgb(if x < 32 { [255; 3] } else { [0; 3] }));
    let file = encoded(&held.into(), ImageFormat::Jpeg);
    for (orientation, size, white) in [
        (1, (64, 32), (5, 16)),
        // By 180°, and by 90° to either side.
        (3, (64, 32), (58, 16)),
        (6, (32, 64), (16, 5)),
        (8, (32, 64), (16, 58)),
    ] {
        let file = with_exif(&file, orientation);
        assert!(file.windows(PLACE.len()).any(|part| part == PLACE));
        let picture = draw(&file, MOST).unwrap();
        let image = large(&picture).to_rgb8();
        assert_eq!(image.dimensions(), size, "{orientation}");
        assert!(
            image.get_pixel(white.0, white.1).0[0] > 200,
            "{orientation}"
        );
        for kept in &picture.files {
            for hidden in [PLACE, b"Exif"] {
                assert!(!kept.windows(hidden.len()).any(|part| part == hidden));
            }
        }
    }
}

#[test]
fn what_is_hidden_behind_a_picture_does_not_come_along() {
    const PAGE: &[u8] = b"<script>alert(1)</script>";
    for file in [jpeg(40, 30), png(40, 30)] {
        let file = [&file, PAGE].concat();
        let picture = draw(&file, MOST).unwrap();
        for kept in &picture.files {
            assert!(!kept.windows(PAGE.len()).any(|part| part == PAGE));
        }
    }
}

#[rstest]
#[case::nothing(b"")]
#[case::text(b"hello")]
#[case::a_page(b"<!doctype html><title>hello</title>")]
#[case::svg(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")]
#[case::gif(b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;")]
#[case::bmp(b"BM:\0\0\0\0\0\0\x006\0\0\0(\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\0")]
#[case::the_beginning_of_png(b"\x89PNG\r\n\x1a\n")]
#[case::the_beginning_of_jpeg(b"\xff\xd8\xff\xe0\0\x10JFIF\0")]
#[case::the_beginning_of_webp(b"RIFF\x10\0\0\0WEBPVP8L")]
#[case::pdf(b"%PDF-1.7")]
fn what_is_no_picture_is_refused(#[case] file: &[u8]) {
    assert_eq!(draw(file, MOST).unwrap_err(), NoPicture::Unreadable);
}

#[rstest]
fn what_ends_too_early_is_refused_wherever_it_ends(
    #[values(ImageFormat::Png, ImageFormat::WebP)] format: ImageFormat,
) {
    let file = encoded(&drawn(60, 60), format);
    let step = (file.len() / 40).max(1);
    for end in (0..file.len() * 9 / 10).step_by(step) {
        assert!(draw(&file[..end], MOST).is_err(), "{end} of {}", file.len());
    }
}

/// Of a JPEG what is there can be drawn; but never is there a panic, or nothing said.
#[test]
fn a_damaged_file_is_drawn_or_refused() {
    for file in [jpeg(60, 60), png(60, 60)] {
        for place in (0..file.len()).step_by(7) {
            let mut damaged = file.clone();
            damaged[place] ^= 0xff;
            let _ = draw(&damaged, 1_000_000);
            let _ = draw(&file[..place], 1_000_000);
        }
    }
}

/// A file of a hundred bytes that says that it is of so many pixels.
pub fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut file = png(1, 1);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&file[12..29]);
    file[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    file
}

#[test]
fn more_pixels_than_are_taken_are_refused_before_anything_is_decoded() {
    let began = std::time::Instant::now();
    for (width, height) in [
        (30_000, 30_000),
        (2_000_000_000, 1),
        (1, 40_000_001),
        (8_000, 5_001),
    ] {
        let refused = draw(&bomb(width, height), MOST).unwrap_err();
        assert_eq!(refused, NoPicture::TooManyPixels, "{width} × {height}");
    }
    assert!(began.elapsed().as_secs() < 5);
    // As many as are taken, of which most are missing.
    let refused = draw(&bomb(8_000, 5_000), MOST).unwrap_err();
    assert_eq!(refused, NoPicture::Unreadable);
    assert!(draw(&png(100, 100), 10_000).is_ok());
    assert_eq!(
        draw(&png(101, 100), 10_000).unwrap_err(),
        NoPicture::TooManyPixels
    );
    // Of twice as many bytes a pixel half as many.
    let wide = DynamicImage::ImageRgba16(drawn(100, 100).to_rgba16());
    let wide = encoded(&wide, ImageFormat::Png);
    assert_eq!(draw(&wide, 10_000).unwrap_err(), NoPicture::TooManyPixels);
    assert!(draw(&wide, 20_000).is_ok());
}
