"""Days of known differences, and pairs that leave no doubt."""

from tests.compared import flips, some_differences

SURE = flips(3000, 20, 20)
DAYS = [some_differences(seed, mean=0.0002 * seed) for seed in range(6)]
