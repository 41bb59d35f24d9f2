//! Second and third derivatives at seams and ties.
