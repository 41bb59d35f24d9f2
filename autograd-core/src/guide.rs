//! The guide: ten short chapters, what things are called elsewhere, and three pages on how things are.
//!
//! 1. [A loss in one line](chapter_1)
//! 2. [Data with shapes](chapter_2)
//! 3. [What a model gives](chapter_3)
//! 4. [Learning](chapter_4)
//! 5. [Derivatives as values](chapter_5)
//! 6. [Fitting, with standard errors](chapter_6)
//! 7. [A network](chapter_7)
//! 8. [Training](chapter_8)
//! 9. [Keeping it](chapter_9)
//! 10. [A fit of one's own](chapter_10)
//!
//! Coming from [TensorFlow and Keras](coming_from_tensorflow), [PyTorch](coming_from_pytorch), [JAX](coming_from_jax),
//! [NumPy and SciPy](coming_from_scipy), [Stan](coming_from_stan), [SymPy and CasADi](coming_from_sympy).
//!
//! On [numerics], on [speed], on [errors].

/// Pages: the file, and what its links are here, where a page is a module. (The first definition of a link counts; those of the
/// file itself are for readers of the files.)
macro_rules! pages {
    ($($(#[$attribute:meta])* $name:ident: $file:literal $(, $text:literal => $target:literal)*;)*) => {$(
        $(#[$attribute])*
        $(#[doc = concat!("[", $text, "]: ", $target, "\n")])*
        #[doc = include_str!(concat!("../guide/", $file))]
        pub mod $name {}
    )*};
}

pages! {
    chapter_1: "01-a-loss-in-one-line.md", "data with shapes" => "crate::guide::chapter_2";
    chapter_2: "02-data-with-shapes.md", "what a model gives" => "crate::guide::chapter_3", "index notation" => "crate::language#index-notation";
    chapter_3: "03-what-a-model-gives.md", "learning" => "crate::guide::chapter_4";
    chapter_4: "04-learning.md", "derivatives as values" => "crate::guide::chapter_5";
    chapter_5: "05-derivatives-as-values.md", "conventions" => "crate::language#numerical-conventions", "fitting" => "crate::guide::chapter_6";
    chapter_6: "06-fitting.md", "a network" => "crate::guide::chapter_7";
    chapter_7: "07-a-network.md", "training" => "crate::guide::chapter_8";
    #[cfg(feature = "train")]
    chapter_8: "08-training.md", "keeping it" => "crate::guide::chapter_9";
    #[cfg(feature = "safetensors")]
    chapter_9: "09-keeping-it.md", "a fit of one's own" => "crate::guide::chapter_10";
    chapter_10: "10-a-fit-of-ones-own.md";
    coming_from_jax: "coming-from-jax.md";
    coming_from_pytorch: "coming-from-pytorch.md";
    coming_from_scipy: "coming-from-scipy.md";
    coming_from_stan: "coming-from-stan.md", "chapter 10" => "crate::guide::chapter_10";
    coming_from_sympy: "coming-from-sympy.md";
    coming_from_tensorflow: "coming-from-tensorflow.md";
    errors: "errors.md";
    numerics: "numerics.md", "The conventions" => "crate::language#numerical-conventions";
    speed: "speed.md", "The loop program" => "crate::loops";
}
