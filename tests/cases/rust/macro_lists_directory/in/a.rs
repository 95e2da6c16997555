m::names!();
