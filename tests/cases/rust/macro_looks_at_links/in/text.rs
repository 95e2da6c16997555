m::text!();
