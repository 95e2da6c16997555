m::written!();
