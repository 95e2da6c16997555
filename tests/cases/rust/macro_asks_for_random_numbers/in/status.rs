m::status!();
