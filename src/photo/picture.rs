//! A file that somebody sent, looked at and drawn anew: in three sizes, as nothing but pixels.
//!
//! What it is is told by its content, whatever it was called. How large it would be is read off its
//! header before anything is decoded. What is kept was encoded here: no place, no camera, no profile of
//! colours, nothing that was hidden behind the picture comes along. Of one that moves the first frame is
//! kept.

use std::io::Cursor;

use axum::body::Bytes;
use entity::values::PhotoFormat;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType as PngFilter, PngEncoder},
    },
    imageops::FilterType,
    metadata::Orientation,
};

/// How large a photo is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// In lists: 180 pixels.
    Small,
    /// In a text: 600.
    Medium,
    /// By itself: 1600.
    Large,
}

impl Size {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The most pixels of its longer side.
    pub const fn longest(self) -> u32 {
        match self {
            Self::Small => 180,
            Self::Medium => 600,
            Self::Large => 1600,
        }
    }
}

/// Of a large picture each pixel is looked at once, on the way to twice the largest size. (What weighs
/// neighbours by their distance would hold it as floats, a gigabyte of the largest that are taken.)
const DRAFT: u32 = 2 * Size::Large.longest();
/// How well JPEG keeps a picture, of a hundred.
const QUALITY: u8 = 85;
/// What a decoder takes for itself, whatever the picture.
const DECODING: u64 = 64 << 20;
/// The bytes of a pixel that are decoded, at the most: those of one with alpha.
const PIXEL: u64 = 4;

/// A picture, ready to be stored.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What its files are: PNG where it lets through what is behind it, and JPEG otherwise.
    pub format: PhotoFormat,
    /// Of the largest.
    pub width: u32,
    /// Of the largest.
    pub height: u32,
    /// One of each of [`Size::ALL`].
    pub files: [Bytes; 3],
}

impl Picture {
    /// What its files take.
    pub fn bytes(&self) -> i64 {
        let bytes: usize = self.files.iter().map(Bytes::len).sum();
        i64::try_from(bytes).unwrap_or(i64::MAX)
    }
}

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPicture {
    /// It is neither JPEG nor PNG nor WebP, or ends too early, or is damaged.
    Unreadable,
    /// It has more pixels than are taken.
    TooManyPixels,
    /// It cannot be drawn anew: a fault of ours.
    NotDrawn,
}

/// Draws what is in `file`, if that has `most_pixels` at the most. (It takes tenths of a second, and hundreds
/// of megabytes: not for a thread that answers.)
///
/// # Errors
/// Why there is nothing to be drawn.
pub fn draw(file: &[u8], most_pixels: u64) -> Result<Picture, NoPicture> {
    let (image, orientation) = decode(file, most_pixels)?;
    let mut image = plain(shrunk(image));
    image.apply_orientation(orientation);
    let format = match image.color().has_alpha() {
        true => PhotoFormat::Png,
        false => PhotoFormat::Jpeg,
    };
    let large = fitted(&image, Size::Large);
    let medium = fitted(&large, Size::Medium);
    let small = fitted(&medium, Size::Small);
    let encode = |image: &DynamicImage| encode(image, format).map_err(|_| NoPicture::NotDrawn);
    Ok(Picture {
        format,
        width: large.width(),
        height: large.height(),
        files: [encode(&small)?, encode(&medium)?, encode(&large)?],
    })
}

fn decode(file: &[u8], most_pixels: u64) -> Result<(DynamicImage, Orientation), NoPicture> {
    let format = image::guess_format(file).map_err(|_| NoPicture::Unreadable)?;
    if !matches!(
        format,
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP
    ) {
        return Err(NoPicture::Unreadable);
    }
    let most_bytes = most_pixels.saturating_mul(PIXEL);
    let mut limits = Limits::default();
    // Beside the picture, what decoding it takes.
    limits.max_alloc = Some(most_bytes.saturating_mul(2).saturating_add(DECODING));
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width).saturating_mul(height.into());
    if pixels > most_pixels || decoder.total_bytes() > most_bytes {
        return Err(NoPicture::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    Ok((image, orientation))
}

fn unreadable(error: ImageError) -> NoPicture {
    match error {
        ImageError::Limits(_) => NoPicture::TooManyPixels,
        _ => NoPicture::Unreadable,
    }
}

/// `image`, not much larger than anything that is kept of it.
fn shrunk(image: DynamicImage) -> DynamicImage {
    match image.width().max(image.height()) > DRAFT {
        true => image.thumbnail(DRAFT, DRAFT),
        false => image,
    }
}

/// In eight bits a colour, and with alpha only where something shows through.
fn plain(image: DynamicImage) -> DynamicImage {
    if image.color().has_alpha() {
        let image = image.to_rgba8();
        if image.pixels().any(|pixel| pixel.0[3] < u8::MAX) {
            return DynamicImage::ImageRgba8(image);
        }
        return DynamicImage::ImageRgba8(image).to_rgb8().into();
    }
    image.to_rgb8().into()
}

/// `image` in `size`; as it is where it is smaller.
fn fitted(image: &DynamicImage, size: Size) -> DynamicImage {
    let longest = size.longest();
    match image.width().max(image.height()) > longest {
        true => image.resize(longest, longest, FilterType::Lanczos3),
        false => image.clone(),
    }
}

fn encode(image: &DynamicImage, format: PhotoFormat) -> Result<Bytes, ImageError> {
    let mut bytes = Vec::new();
    match format {
        PhotoFormat::Jpeg => {
            image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
        }
        PhotoFormat::Png => image.write_with_encoder(PngEncoder::new_with_quality(
            &mut bytes,
            CompressionType::Default,
            PngFilter::Adaptive,
        ))?,
    }
    Ok(bytes.into())
}

/// The media type of files of `format`, and how their names end.
pub fn media_type(format: PhotoFormat) -> (&'static str, &'static str) {
    match format {
        PhotoFormat::Jpeg => ("image/jpeg", "jpg"),
        PhotoFormat::Png => ("image/png", "png"),
    }
}
