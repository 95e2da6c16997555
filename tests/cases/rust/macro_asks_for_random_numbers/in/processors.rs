m::processors!();
