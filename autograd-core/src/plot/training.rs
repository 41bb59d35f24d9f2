//! Figures of what training leaves: its history, and how classes were confused.

use super::Figure;
use crate::train::History;
use crate::train::metrics::Confusion;

impl From<&History> for Figure {
    /// The losses of each epoch. Metrics, which have other sizes, are a figure of their own: [`Figure::metrics`].
    fn from(history: &History) -> Self {
        let all = [("loss", history.loss.as_slice()), ("validation", history.validation.as_slice())];
        let known: Vec<(&str, &[f64])> = all.into_iter().filter(|(_, values)| !values.is_empty()).collect();
        Self::history("Training", &known)
    }
}

impl From<&Confusion> for Figure {
    fn from(confusion: &Confusion) -> Self {
        let counts: Vec<Vec<usize>> = confusion.counts.rows().into_iter().map(|row| row.to_vec()).collect();
        let rows: Vec<&[usize]> = counts.iter().map(Vec::as_slice).collect();
        let names: Vec<String> = (0..rows.len())
            .map(|class| confusion.names.get(class).cloned().unwrap_or_else(|| class.to_string()))
            .collect();
        Self::confusion("Confusion matrix", &rows, &names.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

impl Figure {
    /// The metrics of each epoch.
    #[must_use]
    pub fn metrics(history: &History) -> Self {
        let known: Vec<(&str, &[f64])> =
            history.metrics.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect();
        Self::history("Metrics", &known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histories_and_confusions_are_figures() {
        let history = History {
            loss: vec![1.0, 0.5, f64::NAN],
            validation: vec![1.1, 0.6, 0.7],
            metrics: vec![("accuracy".to_owned(), vec![0.5, 0.75, 0.75])],
            ..History::default()
        };
        let svg = Figure::from(&history).svg();
        assert!(svg.contains(">\nvalidation\n<") && svg.contains("polyline"), "{svg}");
        assert!(Figure::metrics(&history).to_string().starts_with("Metrics\n0.762 │"), "{}", Figure::metrics(&history));
        let confusion = Confusion::of(&[0, 1, 1, 1], &[0, 0, 1, 1], 2).names(["cat", "dog"]);
        let text =
            "Confusion matrix\ntrue \\ predicted  cat  dog\ncat                 1    1\ndog                 0    2\n";
        assert_eq!(Figure::from(&confusion).to_string(), text);
        let none = Figure::from(&History::default());
        assert!(none.svg().ends_with("</svg>\n") && !none.png().is_empty());
    }

    /// A picture of a few dots: the file says its size, and text leaves ink.
    #[test]
    fn pictures_have_their_size_and_letters() {
        let figure = Figure::fit("Title", &[0.0, 1.0], &[0.0, 1.0]).size(200, 160);
        let png = figure.png();
        assert_eq!(png[16..24], [0, 0, 1, 144, 0, 0, 1, 64]);
        let plain = Figure::fit("", &[0.0, 1.0], &[0.0, 1.0]).size(200, 160);
        assert_ne!(png, plain.png());
        assert_eq!(png, figure.png());
    }
}
