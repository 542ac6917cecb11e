"""HTTP servers on 127.0.0.1 that the cloud extensions talk to in the contract run."""
