//! The operators of gradients and models: `model -= rate * &grad`. What they do is written in the runtime, once.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;

use super::Interface;
use crate::emit::rust::names::{code, ident};
use crate::entries::Owner;

/// `model += direction` and `model -= direction`, for a model with a gradient or what is bound to one.
pub(crate) fn of_model(interface: &Interface, owner: Owner) -> TokenStream {
    // A model may be called `G`.
    let direction = ident(if interface.name == "G" { "D" } else { "G" });
    if interface.is_objective() { sums(&owner.ty(interface), &direction) } else { TokenStream::new() }
}

/// `grad += direction` and `grad -= direction`, `rate * &grad`, `rate * grad` and `grad *= factor`.
pub(crate) fn of_gradient() -> TokenStream {
    let sums = sums(&code!(Grad<T>), &ident("G"));
    let products = [code!(f32), code!(f64)].map(|scalar| {
        code! {
            impl ::core::ops::Mul<Grad<#scalar>> for #scalar {
                type Output = runtime::Scaled<#scalar, Grad<#scalar>>;
                fn mul(self, grad: Grad<#scalar>) -> Self::Output {
                    runtime::Scaled::new(self, grad)
                }
            }

            impl<'g> ::core::ops::Mul<&'g Grad<#scalar>> for #scalar {
                type Output = runtime::Scaled<#scalar, &'g Grad<#scalar>>;
                fn mul(self, grad: &'g Grad<#scalar>) -> Self::Output {
                    runtime::Scaled::new(self, grad)
                }
            }
        }
    });
    code! {
        #sums
        #(#products)*

        impl<T: runtime::Float> ::core::ops::MulAssign<T> for Grad<T> {
            fn mul_assign(&mut self, factor: T) {
                runtime::Parameters::scale(self, factor);
            }
        }
    }
}

/// `impl<T: Float, G: Direction<Grad<T>>> AddAssign<G> for Mlp<T> { … }`
fn sums(ty: &impl ToTokens, direction: &Ident) -> TokenStream {
    code! {
        impl<T: runtime::Float, #direction: runtime::Direction<Grad<T>>> ::core::ops::AddAssign<#direction> for #ty {
            #[track_caller]
            fn add_assign(&mut self, direction: #direction) {
                runtime::add(self, &direction);
            }
        }

        impl<T: runtime::Float, #direction: runtime::Direction<Grad<T>>> ::core::ops::SubAssign<#direction> for #ty {
            #[track_caller]
            fn sub_assign(&mut self, direction: #direction) {
                runtime::subtract(self, &direction);
            }
        }
    }
}
