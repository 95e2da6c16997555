extern int variable;
