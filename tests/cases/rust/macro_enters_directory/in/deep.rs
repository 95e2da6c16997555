m::deep!();
