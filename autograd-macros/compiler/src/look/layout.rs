//! Layered graph drawing (Sugiyama): layers by the longest path, order by barycentres, places by least squares.
//!
//! Sizes of boxes and edges in; places of the boxes and the points that edges run through out. Edges over several layers
//! run through points of their own, so that they pass between boxes. The same graph gives the same picture.

/// Between neighbours of a layer.
const GAP: f64 = 22.0;
/// Between layers.
const RISE: f64 = 42.0;
/// The room that an edge has where it passes a layer.
const PASSAGE: f64 = 12.0;
/// How often the order of the layers is improved, down and up.
const SWEEPS: usize = 12;
/// How often places are.
const ROUNDS: usize = 24;

/// A picture: the centres of boxes, and the points of each edge from its first to its last.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    pub(super) centres: Vec<(f64, f64)>,
    pub(super) edges: Vec<Vec<(f64, f64)>>,
    pub(super) size: (f64, f64),
}

/// A box, or the place where an edge passes a layer.
struct Item {
    width: f64,
    above: Vec<usize>,
    below: Vec<usize>,
}

/// Places boxes of these sizes. Edges lead from earlier ones to later ones.
pub(super) fn layout(sizes: &[(f64, f64)], edges: &[(usize, usize)]) -> Layout {
    let depths = depths(sizes.len(), edges);
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); depths.iter().max().map_or(0, |deepest| deepest + 1)];
    let mut items: Vec<Item> =
        sizes.iter().map(|&(width, _)| Item { width, above: Vec::new(), below: Vec::new() }).collect();
    depths.iter().enumerate().for_each(|(item, &depth)| layers[depth].push(item));
    let paths: Vec<Vec<usize>> =
        edges.iter().map(|&(from, to)| path(from, to, &depths, &mut items, &mut layers)).collect();
    order(&mut layers, &items);
    let x = places(&layers, &items);
    let heights: Vec<f64> = layers.iter().map(|layer| tallest(layer, sizes)).collect();
    let mut top = 0.0;
    let mut y = vec![0.0; items.len()];
    for (layer, height) in layers.iter().zip(&heights) {
        for &item in layer {
            y[item] = top + height / 2.0;
        }
        top += height + RISE;
    }
    let width = items.iter().zip(&x).map(|(item, x)| x + item.width / 2.0).fold(0.0, f64::max);
    let half = |item: usize| sizes[item].1 / 2.0;
    let edges = paths.iter().map(|path| {
        let (first, last) = (path[0], path[path.len() - 1]);
        let inner = path[1..path.len() - 1].iter().map(|&item| (x[item], y[item]));
        let begin = std::iter::once((x[first], y[first] + half(first)));
        begin.chain(inner).chain([(x[last], y[last] - half(last))]).collect()
    });
    Layout {
        centres: (0..sizes.len()).map(|item| (x[item], y[item])).collect(),
        edges: edges.collect(),
        size: (width, (top - RISE).max(0.0)),
    }
}

fn tallest(layer: &[usize], sizes: &[(f64, f64)]) -> f64 {
    layer.iter().filter_map(|&item| sizes.get(item)).map(|size| size.1).fold(0.0, f64::max)
}

/// The layer of each box: below all that it reads; what reads nothing stands right above its first reader.
fn depths(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut depths = vec![0; count];
    let mut sorted = edges.to_vec();
    sorted.sort_unstable_by_key(|&(from, to)| (to, from));
    for &(from, to) in &sorted {
        depths[to] = depths[to].max(depths[from] + 1);
    }
    for item in 0..count {
        let is_source = edges.iter().all(|&(_, to)| to != item);
        let first = edges.iter().filter(|&&(from, _)| from == item).map(|&(_, to)| depths[to]).min();
        if let Some(first) = first.filter(|_| is_source) {
            depths[item] = first - 1;
        }
    }
    depths
}

/// The items that an edge runs through; those between its ends are new.
fn path(from: usize, to: usize, depths: &[usize], items: &mut Vec<Item>, layers: &mut [Vec<usize>]) -> Vec<usize> {
    let mut path = vec![from];
    for layer in &mut layers[depths[from] + 1..depths[to]] {
        layer.push(items.len());
        path.push(items.len());
        items.push(Item { width: PASSAGE, above: Vec::new(), below: Vec::new() });
    }
    path.push(to);
    for pair in path.windows(2) {
        items[pair[0]].below.push(pair[1]);
        items[pair[1]].above.push(pair[0]);
    }
    path
}

/// Orders every layer by the mean place of what its items are joined to, downwards and upwards; the order with the fewest
/// crossings stays.
fn order(layers: &mut [Vec<usize>], items: &[Item]) {
    let mut best = (crossings(layers, items), layers.to_vec());
    for sweep in 0..SWEEPS {
        let downwards = sweep % 2 == 0;
        for step in 1..layers.len() {
            let (layer, other) =
                if downwards { (step, step - 1) } else { (layers.len() - 1 - step, layers.len() - step) };
            let places = ranks(&layers[other], items.len());
            let mean = |item: usize, own: usize| {
                let joined = if downwards { &items[item].above } else { &items[item].below };
                let count = joined.len();
                let sum: usize = joined.iter().map(|&other| places[other]).sum();
                if count == 0 { float(own) } else { float(sum) / float(count) }
            };
            let mut keyed: Vec<(f64, usize)> =
                layers[layer].iter().enumerate().map(|(own, &item)| (mean(item, own), item)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            layers[layer] = keyed.into_iter().map(|(_, item)| item).collect();
        }
        let count = crossings(layers, items);
        if count < best.0 {
            best = (count, layers.to_vec());
        }
    }
    layers.clone_from_slice(&best.1);
}

/// The place of each item in its layer.
fn ranks(layer: &[usize], count: usize) -> Vec<usize> {
    let mut ranks = vec![0; count];
    layer.iter().enumerate().for_each(|(rank, &item)| ranks[item] = rank);
    ranks
}

fn crossings(layers: &[Vec<usize>], items: &[Item]) -> usize {
    let mut count = 0;
    for pair in layers.windows(2) {
        let below = ranks(&pair[1], items.len());
        let ends = |item: &usize| items[*item].below.iter().map(|&other| below[other]).collect::<Vec<_>>();
        let ends: Vec<Vec<usize>> = pair[0].iter().map(ends).collect();
        for (place, left) in ends.iter().enumerate() {
            for right in &ends[place + 1..] {
                count += left.iter().map(|a| right.iter().filter(|&b| b < a).count()).sum::<usize>();
            }
        }
    }
    count
}

/// Places along the layers: each near the mean of what it is joined to, none nearer to its neighbour than it may be.
fn places(layers: &[Vec<usize>], items: &[Item]) -> Vec<f64> {
    let mut x = vec![0.0; items.len()];
    for layer in layers {
        let mut at = 0.0;
        for &item in layer {
            x[item] = at + items[item].width / 2.0;
            at += items[item].width + GAP;
        }
    }
    for round in 0..ROUNDS {
        let downwards = round % 2 == 0;
        for step in 0..layers.len() {
            let layer = &layers[if downwards { step } else { layers.len() - 1 - step }];
            let wish = |&item: &usize| {
                let Item { above, below, .. } = &items[item];
                let joined: Vec<f64> = match (downwards, above.is_empty(), below.is_empty()) {
                    _ if round + 2 >= ROUNDS => above.iter().chain(below).map(|&other| x[other]).collect(),
                    (true, false, _) | (false, _, true) => above.iter().map(|&other| x[other]).collect(),
                    _ => below.iter().map(|&other| x[other]).collect(),
                };
                if joined.is_empty() { x[item] } else { joined.iter().sum::<f64>() / float(joined.len()) }
            };
            let wishes: Vec<f64> = layer.iter().map(wish).collect();
            for (&item, place) in layer.iter().zip(apart(layer, items, &wishes)) {
                x[item] = place;
            }
        }
    }
    let left = items.iter().zip(&x).map(|(item, x)| x - item.width / 2.0).fold(f64::INFINITY, f64::min);
    x.iter().map(|x| x - if left.is_finite() { left } else { 0.0 }).collect()
}

/// The places nearest to what is wished for, by least squares, that keep order and distance (isotonic regression).
fn apart(layer: &[usize], items: &[Item], wishes: &[f64]) -> Vec<f64> {
    let mut offsets = Vec::new();
    let mut at = 0.0;
    for (place, &item) in layer.iter().enumerate() {
        if place > 0 {
            at += f64::midpoint(items[layer[place - 1]].width, items[item].width) + GAP;
        }
        offsets.push(at);
    }
    // Groups of neighbours that lie as near as they may: the mean of what they wish for, and how many they are.
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        let mut group = (wish - offset, 1);
        while let Some(&(mean, count)) = groups.last().filter(|(mean, _)| *mean > group.0) {
            groups.pop();
            let all = count + group.1;
            group = ((mean * float(count) + group.0 * float(group.1)) / float(all), all);
        }
        groups.push(group);
    }
    let means = groups.iter().flat_map(|&(mean, count)| std::iter::repeat_n(mean, count));
    means.zip(offsets).map(|(mean, offset)| mean + offset).collect()
}

#[allow(clippy::cast_precision_loss, reason = "graphs that are drawn have few boxes")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Boxes of random graphs do not overlap, every edge goes down, and nothing lies outside.
    #[test]
    fn boxes_lie_apart_and_edges_go_down() {
        let mut random = crate::testing::random::Random::new(3);
        for count in [1, 2, 5, 20, 60] {
            let sizes: Vec<(f64, f64)> = (0..count).map(|_| (20.0 + 100.0 * random.unit(), 30.0)).collect();
            let mut edges = Vec::new();
            for to in 1..count {
                let from = random.below(to);
                edges.extend([(from, to), (to / 2, to)]);
            }
            edges.sort_unstable();
            edges.dedup();
            let layout = layout(&sizes, &edges);
            for (place, (a, (width, height))) in layout.centres.iter().zip(&sizes).enumerate() {
                for (b, (other, _)) in layout.centres.iter().zip(&sizes).skip(place + 1) {
                    let apart = (a.0 - b.0).abs() >= (width + other) / 2.0 || (a.1 - b.1).abs() >= *height;
                    assert!(apart, "{a:?} {b:?} of {count}");
                }
                let inside = a.0 - width / 2.0 >= -1e-9 && a.0 + width / 2.0 <= layout.size.0 + 1e-9;
                assert!(inside && a.1 + height / 2.0 <= layout.size.1 + 1e-9, "{a:?} in {:?}", layout.size);
            }
            let downwards = |points: &Vec<(f64, f64)>| points.windows(2).all(|pair| pair[0].1 < pair[1].1);
            assert!(layout.edges.iter().all(downwards));
        }
        assert_eq!(layout(&[], &[]).size, (0.0, 0.0));
    }

    #[test]
    fn a_ladder_is_drawn_without_crossings() {
        let sizes = vec![(40.0, 20.0); 6];
        let edges = [(0, 3), (1, 2), (2, 4), (3, 5)];
        let layout = layout(&sizes, &edges);
        let side = |item: usize| layout.centres[item].0;
        assert_eq!(side(0) < side(1), side(3) < side(2));
        assert_eq!(side(3) < side(2), side(5) < side(4));
    }
}
