"""Who is away, said by themselves or by somebody who may: asks then go to those who are here."""
