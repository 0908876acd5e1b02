"""A config as `watchkeeper init` writes it where nobody has decided anything yet."""

WITH_PLACEHOLDERS = """
model: flights
about: late or not
owner: U0DECIDE
channel: C0DECIDE
data: {features: flights/features, labels: flights/labels, key: DECIDE_KEY, event_time: at}
target: {column: late, delay_days: 1}
columns: {DECIDE_COLUMN: {type: number}}
training: {estimator: LogisticRegression, window_days: 10, validation_days: 3}
"""
