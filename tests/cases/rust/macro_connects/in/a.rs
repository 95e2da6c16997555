m::ask!();
