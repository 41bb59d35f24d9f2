//! A model that is saved, and loaded by a program that knows nothing of its sizes.

use autograd_core::{Saved, model};
use ndarray::array;

model! { pub Plane<N, D> { param w: [D], b; input x: [N, D]; y = x @ w + b; } }

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::temp_dir().join(format!("plane-{}.safetensors", std::process::id()));
    Plane { w: array![1.0, 2.0], b: 0.5 }.save(&path)?;
    let plane: Plane = Plane::load(&path)?;
    assert_eq!(plane.y(&plane::Inputs::new(&array![[3.0, 4.0]]))?, array![11.5]);
    Ok(std::fs::remove_file(&path)?)
}
