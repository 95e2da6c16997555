m::link!();
