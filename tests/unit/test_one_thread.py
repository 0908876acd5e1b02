from threadpoolctl import threadpool_info

from functions.ml.one_thread import one_thread


def test_a_small_matrix_is_multiplied_in_one_thread() -> None:
    with one_thread():
        [of_numpy] = [of for of in threadpool_info() if "numpy" in of["filepath"]]

    assert of_numpy["num_threads"] == 1
