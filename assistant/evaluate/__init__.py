"""How good the answers are: test questions in, metrics with honest intervals out.

questions, fields, formats/    a file of test questions -> `TestQuestion`, in our own form and in others'
check                          what is wrong with a set of test questions
ranking, answers, citations,
abstention, calibration        one question or one set of numbers -> one metric, each with its formula and source
statistics                     intervals, and whether two runs differ by more than chance
"""
