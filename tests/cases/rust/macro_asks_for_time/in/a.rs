m::now!();
