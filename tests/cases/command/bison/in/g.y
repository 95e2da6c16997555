%token X
%%
s: X ;
%%
