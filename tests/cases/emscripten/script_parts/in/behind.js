part += "behind";
