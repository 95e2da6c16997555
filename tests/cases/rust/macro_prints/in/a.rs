m::say!();
