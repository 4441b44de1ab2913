//! Text as word search sees it: words in lower case and without diacritics, the same in every language and on every host.
//!
//! Covered are Latin letters, Vietnamese among them, and modern Greek and Cyrillic, composed or decomposed; a small table, because
//! the whole of Unicode would double the browser module. Other scripts are in lower case, and otherwise as they are spelled.

/// Letters from U+00DF on, by the letter they are without diacritics. Digits stand for [`PAIRS`], dots for what stays.
const LATIN: &[u8; 369] = b"\
    1aaaaaa2ceeeeiiiidnooooo.ouuuuy4y.a.a.a.c.c.c.c.d.d.e.e.e.e.e.g.g.g.g.h.h.i.i.i.i.i.5.j.kk.l.l.l\
    .l.l.n.n.nn.n.o.o.o.3.r.r.r.s.s.s.s.t.t.t.u.u.u.u.u.u.w.y..z.z.zsb.................f............\
    ..o..............u.....z.......................a.i.o.u.u.u.u.u..a.a.2.g.g.k.o.o..j....g...n.a.2.\
    o.a.a.e.e.i.i.o.o.r.r.u.u.s.t...h.....z.a.e.o.o.o.o.y...................e.j...r.y";
const LATIN_FIRST: u32 = 0xdf;

/// The same from U+1E00 on.
const LATIN_MORE: &[u8; 256] = b"\
    .a.b.b.b.c.d.d.d.d.d.e.e.e.e.e.f.g.h.h.h.h.h.i.i.k.k.k.l.l.l.l.m.m.m.n.n.n.n.o.o.o.o.p.p.r.r.r.r\
    .s.s.s.s.s.t.t.t.t.u.u.u.u.u.v.v.w.w.w.w.w.x.x.y.z.z.zhtwyasss...a.a.a.a.a.a.a.a.a.a.a.a.e.e.e.e\
    .e.e.e.e.i.i.o.o.o.o.o.o.o.o.o.o.o.o.u.u.u.u.u.u.u.y.y.y.y.....y";
const LATIN_MORE_FIRST: u32 = 0x1e00;

const PAIRS: [&str; 5] = ["ss", "ae", "oe", "th", "ij"];

/// Greek and Cyrillic letters with diacritics, each followed by the one without.
const OTHERS: &str = "άαέεήηίιΐιϊιόούυϋυΰυώωςσйиёеѐеѝиїіўуѓгќкµμǯʒ";

/// Words in lower case and without diacritics, with one space between them.
///
/// A word is a run of letters and digits. What divides words is everything else of ASCII and Latin-1, and the blocks of
/// punctuation and of symbols; marks that combine with letters are left out.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_apart = false;
    for char in text.chars() {
        if char.is_ascii_alphanumeric() {
            divide(&mut out, &mut is_apart);
            out.push(char.to_ascii_lowercase());
        } else if char.is_ascii() {
            is_apart = true;
        } else {
            for char in char.to_lowercase() {
                match char as u32 {
                    0xad | 0x300..=0x36f | 0xfe00..=0xfe0f => {}
                    code if divides(code) => is_apart = true,
                    code => {
                        divide(&mut out, &mut is_apart);
                        push_bare(char, code, &mut out);
                    }
                }
            }
        }
    }
    out
}

fn divide(out: &mut String, is_apart: &mut bool) {
    if *is_apart && !out.is_empty() {
        out.push(' ');
    }
    *is_apart = false;
}

fn divides(code: u32) -> bool {
    matches!(code, 0x80..=0xa9 | 0xab..=0xb4 | 0xb6..=0xb9 | 0xbb..=0xbf | 0xd7 | 0xf7 | 0x37e | 0x387 | 0x2000..=0x2bff | 0x3000..=0x303f
        | 0x30fb | 0xfe10..=0xfe6f | 0xff00..=0xff0f | 0xff1a..=0xff20 | 0xff3b..=0xff40 | 0xff5b..=0xff65)
}

/// Without its diacritics.
fn push_bare(char: char, code: u32, out: &mut String) {
    let from = |table: &[u8], first: u32| table.get(code.wrapping_sub(first) as usize).copied();
    match from(LATIN, LATIN_FIRST).or_else(|| from(LATIN_MORE, LATIN_MORE_FIRST)) {
        Some(letter) if letter.is_ascii_lowercase() => return out.push(letter.into()),
        Some(pair) if pair.is_ascii_digit() => {
            return out.push_str(PAIRS.get((pair - b'1') as usize).copied().unwrap_or_default());
        }
        _ => {}
    }
    let mut others = OTHERS.chars();
    while let (Some(marked), Some(bare)) = (others.next(), others.next()) {
        if marked == char {
            return out.push(bare);
        }
    }
    out.push(char);
}

#[cfg(test)]
mod tests {
    use super::fold;
    use unicode_normalization::UnicodeNormalization;

    /// Latin, Greek and Cyrillic without the letters of old texts and of small languages.
    fn covered() -> impl Iterator<Item = char> {
        let blocks = [0x41..=0x24f, 0x386..=0x3ce, 0x400..=0x45f, 0x1e00..=0x1eff];
        blocks.into_iter().flatten().filter_map(char::from_u32)
    }

    #[test]
    fn a_letter_that_unicode_takes_apart_is_the_letter_without_its_marks() {
        for char in covered() {
            let bare: String = char.nfd().filter(|part| !('\u{300}'..='\u{36f}').contains(part)).collect();
            assert_eq!(fold(&char.to_string()), fold(&bare), "{char:?}");
        }
    }

    #[test]
    fn composed_and_decomposed_text_is_one() {
        for char in covered() {
            let text = format!("a{char}b");
            assert_eq!(fold(&text), fold(&text.nfd().collect::<String>()), "{char:?}");
        }
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for char in '\0'..=char::MAX {
            let once = fold(&format!("x{char}y"));
            assert_eq!(fold(&once), once, "{char:?}");
        }
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(fold("  IMG_0042 (Straße).JPG "), "img 0042 strasse jpg");
        assert_eq!(fold("Crème Brûlée—Œuvre «Łódź» Đặng ĲSSEL"), "creme brulee oeuvre lodz dang ijssel");
        assert_eq!(fold("İstanbul ISPARTA ısı"), "istanbul isparta isi");
        assert_eq!(fold("Ёлка Й Άλφας ς"), "елка и αλφασ σ");
        assert_eq!(fold("名前・写真、二。"), "名前 写真 二");
        assert_eq!(fold("…"), "");
    }
}
