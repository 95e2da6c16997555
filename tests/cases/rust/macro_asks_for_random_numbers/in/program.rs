m::program!();
