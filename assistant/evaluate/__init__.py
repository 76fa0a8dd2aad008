"""How good the answers are: test questions in, metrics with honest intervals out.

questions, fields, formats/    a file of test questions -> `TestQuestion`, in our own form and in others'
suggest/                       articles -> test questions for an editor to accept or refuse
check                          what is wrong with a set of test questions
ranking, answers, citations,
abstention, calibration        one question or one set of numbers -> one metric, each with its formula and source
statistics                     intervals, and whether two runs differ by more than chance

ask, result, outcome           one question through the chain -> its `Result`, and why it ended as it did
judge, agreement               a language model as judge, if one is named; how far it agrees with the metrics
folder, run                    a run folder that survives a kill; the loop over all questions
score, gates, junit            results -> every figure, the bars they must clear, a file for CI
compare                        two runs side by side
sweep, pareto                  many runs over combinations of settings, and which of them are worth their seconds
terminal, report,
comparison_report,
sweep_report                   figures for people: tables, pages (page and plots hold what the pages share)
"""
