//! A Bayesian model, sampled: eight schools, and what coaching does there.
//!
//! Rubin's example of 1981 (Gelman et al., *Bayesian Data Analysis*, section 5.5): estimates of eight effects and their
//! standard errors, and a prior that is learnt from all of them. Hamiltonian Monte Carlo walks in the free form of the
//! parameters, where `tau` may be anything; the gradient is the compiler's. Samplers of other crates take the same vectors.
//!
//!     cargo run --release --example bayes
//!
//! `-- --short` draws a fifth as many samples.

use autograd_core::{Error, Objective, Parameters, Random, model};
use autograd_examples::{Outcome, ensure, short};
use ndarray::{Array1, array};
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// Eight schools, not centred. The loss is minus the logarithm of the posterior density.
    pub Schools<J> {
        param mu, tau in 0.. = 5;
        param z: [J];
        input effect: [J], error: [J];
        theta = mu + tau*z;
        let likelihood = sum(normal_lpdf(effect, theta, error));
        let prior = sum(std_normal_lpdf(z)) + normal_lpdf(mu, 0, 5) + cauchy_lpdf(tau, 0, 5);
        loss = -likelihood - prior;
    }
}

/// The posterior of any model in its free form: minus the logarithm of the density, and the gradient of that.
struct Potential<'a, 'i, M: Objective> {
    model: M,
    inputs: &'a M::Inputs<'i>,
    workspace: M::Workspace,
    grad: M::Grad,
}

impl<M: Objective<Scalar = f64>> Potential<'_, '_, M> {
    fn at(&mut self, free: &[f64], slope: &mut [f64]) -> Result<f64, Error> {
        self.model.set_free(free)?;
        let loss = self.model.loss_and_grad_into(self.inputs, &mut self.workspace, &mut self.grad)?;
        slope.fill(0.0);
        self.model.add_log_jacobian_gradient(free, slope);
        let mut of_loss = vec![0.0; slope.len()];
        self.model.free_gradient_into(free, &self.grad, &mut of_loss);
        slope.iter_mut().zip(&of_loss).for_each(|(slope, loss)| *slope = loss - *slope);
        Ok(loss - self.model.log_jacobian(free))
    }
}

fn main() -> Outcome {
    let effect = array![28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let error = array![15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
    let inputs = schools::Inputs::new(&effect, &error);
    let model = Schools::<f64>::from_dims(schools::Dims { j: 8 });
    let (workspace, grad) = (schools::Workspace::default(), model.zero_grad());
    let mut potential = Potential { model, inputs: &inputs, workspace, grad };

    let size = potential.model.free_size();
    let mut random = Random::<f64, _>::new(SmallRng::seed_from_u64(1));
    let (mut momentum, mut chance) = (Array1::zeros(size), Array1::zeros(2));
    let (mut free, mut slope) = (vec![0.0; size], vec![0.0; size]);
    potential.model.free_into(&mut free);
    let mut energy = potential.at(&free, &mut slope)?;
    let draws = if short() { 4_000 } else { 20_000 };
    let (mut accepted, mut mu, mut tau, mut theta) = (0, 0.0, 0.0, Array1::<f64>::zeros(8));
    for _ in 0..draws {
        // Leapfrog steps of random length along the slope, from a random push.
        random.fill_normal(&mut momentum, 0.0, 1.0);
        random.fill_uniform(&mut chance, 0.0..1.0);
        let (before, h) = (energy + momentum.dot(&momentum) / 2.0, 0.25 * chance[1]);
        let (mut next, mut force) = (free.clone(), slope.clone());
        let mut there = energy;
        for _ in 0..12 {
            (0..size).for_each(|i| momentum[i] -= h / 2.0 * force[i]);
            (0..size).for_each(|i| next[i] += h * momentum[i]);
            there = potential.at(&next, &mut force)?;
            (0..size).for_each(|i| momentum[i] -= h / 2.0 * force[i]);
        }
        if chance[0].ln() < before - there - momentum.dot(&momentum) / 2.0 {
            (free, slope, energy) = (next, force, there);
            accepted += 1;
        }
        potential.model.set_free(&free)?;
        mu += potential.model.mu;
        tau += potential.model.tau;
        theta += &potential.model.theta(&inputs)?;
    }

    let count = f64::from(draws);
    let (mu, tau, theta) = (mu / count, tau / count, theta / count);
    println!("{draws} samples, {:.0} % of the walks accepted", 100.0 * f64::from(accepted) / count);
    println!("mean effect {mu:.1}, spread between schools {tau:.1}\n\nschool   observed   posterior mean");
    for (school, (effect, theta)) in ('A'..).zip(effect.iter().zip(&theta)) {
        println!("{school:>6}   {effect:>8.1}   {theta:>8.1}");
    }
    // The means of long runs of Stan: 4.4 and 3.6.
    ensure((mu - 4.4).abs() < 0.6 && (tau - 3.6).abs() < 0.6, "the means should be those of Stan")
}
