//! PNG: rows that differ little from those above them, packed by the fixed code of DEFLATE with repetitions of a byte.
//!
//! What plots are made of, areas of one colour, becomes long runs of zeros that way; photographs would stay large. Formats:
//! PNG (RFC 2083), zlib (RFC 1950), DEFLATE (RFC 1951).

/// The file of a picture with three bytes for each dot.
pub(super) fn encode(width: u32, height: u32, dots: &[u8]) -> Vec<u8> {
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    // Eight bits, red green and blue, and the only methods that there are.
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &packed(&filtered(width as usize * 3, dots)));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).expect("a picture of less than 4 GiB").to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let check = crc(&file[start..]);
    file.extend(check.to_be_bytes());
}

/// Each row less the one above it (filter 2).
fn filtered(row: usize, dots: &[u8]) -> Vec<u8> {
    let mut filtered = Vec::with_capacity(dots.len() + dots.len() / row.max(1));
    let mut above = vec![0; row];
    for line in dots.chunks_exact(row.max(1)) {
        filtered.push(2);
        filtered.extend(line.iter().zip(&above).map(|(dot, above)| dot.wrapping_sub(*above)));
        above.copy_from_slice(line);
    }
    filtered
}

/// Bits, the first in the lowest place of a byte.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    /// Some bits, the lowest first.
    fn add(&mut self, bits: u32, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push((self.held & 0xff) as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// A word of the fixed code: those have their highest bit first.
    fn word(&mut self, symbol: u32) {
        let (word, count) = match symbol {
            0..=143 => (0x30 + symbol, 8),
            144..=255 => (0x190 + symbol - 144, 9),
            256..=279 => (symbol - 256, 7),
            _ => (0xc0 + symbol - 280, 8),
        };
        self.add(word.reverse_bits() >> (32 - count), count);
    }
}

/// The longest repetition that has a word.
const LONGEST: usize = 258;

fn packed(data: &[u8]) -> Vec<u8> {
    let mut bits = Bits { bytes: vec![0x78, 0x01], ..Bits::default() };
    // The last block, of the fixed code.
    bits.add(0b011, 3);
    let mut at = 0;
    while at < data.len() {
        let byte = data[at];
        bits.word(u32::from(byte));
        at += 1;
        let mut run = data[at..].iter().take_while(|other| **other == byte).count();
        at += run;
        while run >= 3 {
            let length = run.min(LONGEST);
            // What would be left is too short for a word of its own: it is spelled out.
            repeat(&mut bits, length);
            run -= length;
        }
        (0..run).for_each(|_| bits.word(u32::from(byte)));
    }
    bits.word(256);
    bits.add(0, 7);
    let mut bytes = bits.bytes;
    bytes.extend(adler(data).to_be_bytes());
    bytes
}

/// The last byte so often again: a length, and the distance 1.
fn repeat(bits: &mut Bits, length: usize) {
    const STARTS: [usize; 29] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ];
    const EXTRA: [u32; 29] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    let place = STARTS.iter().rposition(|&start| start <= length).expect("at least three");
    bits.word(257 + u32::try_from(place).expect("29 lengths"));
    bits.add(u32::try_from(length - STARTS[place]).expect("below 32"), EXTRA[place]);
    bits.add(0, 5);
}

fn adler(data: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for &byte in data {
        low = (low + u32::from(byte)) % 65521;
        high = (high + low) % 65521;
    }
    high << 16 | low
}

fn crc(data: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let start = crc ^ u32::from(*byte);
        (0..8).fold(start, |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    };
    !data.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_the_published_ones() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler(b"Wikipedia"), 0x11e6_0398);
    }

    /// Reads the fixed code again, by the book.
    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let body = &bytes[2..bytes.len() - 4];
        let mut at = 0;
        let mut bit = || {
            at += 1;
            u32::from(body[(at - 1) / 8] >> ((at - 1) % 8) & 1)
        };
        assert_eq!([bit(), bit(), bit()], [1, 1, 0]);
        let mut data = Vec::new();
        loop {
            let mut word = (0..7).fold(0, |word, _| word << 1 | bit());
            let symbol = if word <= 0x17 {
                256 + word
            } else {
                word = word << 1 | bit();
                match word {
                    0x30..=0xbf => word - 0x30,
                    0xc0..=0xc7 => word - 0xc0 + 280,
                    _ => (word << 1 | bit()) - 0x190 + 144,
                }
            };
            match symbol {
                0..=255 => data.push(u8::try_from(symbol).expect("it is at most 255")),
                256 => return data,
                _ => {
                    let place = symbol - 257;
                    let extra = if place < 8 || place == 28 { 0 } else { place / 4 - 1 };
                    let start = match place {
                        28 => 258,
                        _ if extra == 0 => 3 + place,
                        _ => 3 + ((4 + place % 4) << extra),
                    };
                    let length = start + (0..extra).fold(0, |sum, place| sum | bit() << place);
                    assert_eq!((0..5).map(|_| bit()).sum::<u32>(), 0);
                    let last = *data.last().expect("a byte before");
                    data.extend(std::iter::repeat_n(last, length as usize));
                }
            }
        }
    }

    #[test]
    fn what_is_packed_is_read_again() {
        let mut data: Vec<u8> = (0..=255).collect();
        for run in (0..40).chain([66, 67, 114, 115, 130, 131, 226, 227, 257, 258, 259, 260, 261, 600]) {
            data.extend(vec![0; run]);
            data.extend(vec![200; run]);
            data.push(7);
        }
        assert_eq!(unpacked(&packed(&data)), data);
        assert!(unpacked(&packed(&[])).is_empty());
    }
}
