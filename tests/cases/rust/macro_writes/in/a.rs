m::write!();
