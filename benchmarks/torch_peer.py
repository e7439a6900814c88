"""The other end of the pipe: runs PyTorch and times it when asked. Any Python from 3.11 on."""

import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def main() -> None:
    """Answer each line of JSON with a line of JSON, until the pipe is closed."""
    names = {}
    run = compile("None", "<nothing yet>", "eval")
    for line in sys.stdin:
        question = json.loads(line)
        answer = {"version": torch.__version__}
        try:
            if "setup" in question:
                torch.manual_seed(0)
                torch.set_default_dtype(getattr(torch, question["dtype"]))
                names = {"torch": torch, "F": F}
                exec(question["setup"], names)
                run = compile(question["run"], "<run>", "eval")
                eval(run, names)
            elif "number" in question:
                if question["number"] > 1:
                    eval(run, names)  # as in `harness`: nobody starts on another's caches
                start = time.process_time()
                for _ in range(question["number"]):
                    eval(run, names)
                answer["seconds"] = time.process_time() - start
        except Exception as error:
            answer["error"] = repr(error)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
