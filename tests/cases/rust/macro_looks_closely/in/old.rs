m::old!();
