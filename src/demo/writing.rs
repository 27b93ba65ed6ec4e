//! The sentences that the demo's diaries and comments are put together from.

use super::draw::Draw;

const DIARIES: &str = include_str!("texts/diaries.txt");
const COMMENTS: &str = include_str!("texts/comments.txt");
const REPLIES: &str = include_str!("texts/replies.txt");

/// What one writes about: titles, and sentences that go together.
#[derive(Debug, Default)]
struct Theme {
    english: bool,
    titles: Vec<&'static str>,
    sentences: Vec<&'static str>,
}

/// Everything that can be written.
#[derive(Debug)]
pub(super) struct Writing {
    themes: Vec<Theme>,
    comments: Vec<&'static str>,
    replies: Vec<&'static str>,
}

impl Writing {
    pub(super) fn new() -> Self {
        let mut themes: Vec<Theme> = Vec::new();
        for line in DIARIES.lines().filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix("# ") {
                themes.push(Theme {
                    english: name.is_ascii(),
                    ..Theme::default()
                });
            } else if let Some(theme) = themes.last_mut() {
                match line.strip_prefix("= ") {
                    Some(title) => theme.titles.push(title),
                    None => theme.sentences.push(line),
                }
            }
        }
        Self {
            themes,
            comments: COMMENTS.lines().collect(),
            replies: REPLIES.lines().collect(),
        }
    }

    /// A title and a body.
    pub(super) fn diary(&self, draw: &mut Draw) -> (String, String) {
        let index = draw.below(self.themes.len());
        let Some(theme) = self.themes.get(index) else {
            return Default::default();
        };
        let title = draw.pick(&theme.titles).unwrap_or_default();
        let mut sentences = theme.sentences.clone();
        draw.shuffle(&mut sentences);
        sentences.truncate(draw.between(2, 5));
        let mut body = String::new();
        for (index, sentence) in sentences.iter().enumerate() {
            if index > 0 {
                // People break their lines where they like.
                body.push_str(match draw.below(4) {
                    0 => "\n\n",
                    1 => "\n",
                    _ if theme.english => " ",
                    _ => "",
                });
            }
            body.push_str(sentence);
        }
        (title.to_owned(), body)
    }

    /// A comment; by the diary's author, an answer.
    pub(super) fn comment(&self, draw: &mut Draw, by_author: bool) -> String {
        let from = if by_author {
            &self.replies
        } else {
            &self.comments
        };
        draw.pick(from).unwrap_or_default().to_owned()
    }
}
