//! An order of functions in which a compressor finds alike what is alike.
//!
//! gzip looks back 32 KB only. The compiler leaves the many functions that differ in a type, or in what they are called with,
//! wherever they came up; side by side, the second of two costs next to nothing.

use std::collections::{HashMap, VecDeque};

/// How many bytes have to be the same to count.
const RUN: usize = 8;
/// How far a compressor looks back, less what it writes of the function itself.
const WINDOW_BYTES: usize = 28_000;
/// What a function costs besides its bytes: otherwise tiny ones would win all the time.
const FIXED_BYTES: u64 = 60;

/// The functions, given as their code, as indexes in a better order: next is always the one that has most of itself in the
/// window already. The same code comes out in the same order, everywhere.
pub fn order(functions: &[&[u8]]) -> Vec<usize> {
    let runs = Runs::of(functions);
    let mut scores = vec![0_u64; functions.len()];
    let mut left: Vec<usize> = (0..functions.len()).collect();
    let mut seen = vec![0_u32; runs.places.len()];
    let mut window: VecDeque<usize> = VecDeque::new();
    let (mut window_bytes, mut ordered) = (0, Vec::with_capacity(functions.len()));
    let size = |index: usize| functions[index].len();
    while !left.is_empty() {
        let share = |index: usize| scores[index] * 1024 / (size(index) as u64 + FIXED_BYTES);
        let best = (0..left.len()).max_by_key(|&at| (share(left[at]), size(left[at]), left[at])).unwrap_or(0);
        let next = left.swap_remove(best);
        ordered.push(next);
        for &run in &runs.within[next] {
            seen[run] += 1;
            if seen[run] == 1 {
                runs.places[run].iter().for_each(|&place| scores[place] += runs.weight(run));
            }
        }
        window.push_back(next);
        window_bytes += size(next);
        while window_bytes > WINDOW_BYTES && window.len() > 1 {
            let Some(oldest) = window.pop_front() else { break };
            window_bytes -= size(oldest);
            for &run in &runs.within[oldest] {
                seen[run] -= 1;
                if seen[run] == 0 {
                    runs.places[run].iter().for_each(|&place| scores[place] -= runs.weight(run));
                }
            }
        }
    }
    ordered
}

/// The runs of bytes that several functions have.
struct Runs {
    /// By run: the functions it is in.
    places: Vec<Vec<usize>>,
    /// By function: the runs in it.
    within: Vec<Vec<usize>>,
}

impl Runs {
    fn of(functions: &[&[u8]]) -> Self {
        let mut known: HashMap<&[u8], usize> = HashMap::new();
        let mut places: Vec<Vec<usize>> = Vec::new();
        for (index, code) in functions.iter().enumerate() {
            for run in code.windows(RUN) {
                let number = *known.entry(run).or_insert(places.len());
                if number == places.len() {
                    places.push(Vec::new());
                }
                if places[number].last() != Some(&index) {
                    places[number].push(index);
                }
            }
        }
        places.retain(|functions| functions.len() > 1);
        let mut within = vec![Vec::new(); functions.len()];
        for (run, functions) in places.iter().enumerate() {
            functions.iter().for_each(|&index| within[index].push(run));
        }
        Self { places, within }
    }

    /// What everything has says little.
    fn weight(&self, run: usize) -> u64 {
        (1_000_000 / self.places[run].len() as u64).isqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn functions_that_share_code_come_to_stand_together_and_none_is_lost() {
        let code = |seed: u8, last: u8| {
            let mut code: Vec<u8> =
                (0..200_u8).map(|byte| byte.wrapping_mul(seed).wrapping_add(seed)).collect();
            code.push(last);
            code
        };
        let all = [code(3, 1), code(5, 1), code(7, 1), code(3, 2), code(5, 2), code(7, 2)];
        let ordered = order(&all.each_ref().map(Vec::as_slice));
        let kinds: Vec<usize> = ordered.iter().map(|index| index % 3).collect();
        assert!(kinds.chunks(2).all(|pair| pair[0] == pair[1]), "{ordered:?}");
        let mut sorted = ordered;
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4, 5]);
    }
}
