m::shell!();
