// Real sockets, real processes, real time-outs: one after the other they are quick, side by side they would slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
