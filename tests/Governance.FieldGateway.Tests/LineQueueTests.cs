using Governance.FieldGateway.Telemetry;
using Governance.FieldGateway.Tests.Harness;

namespace Governance.FieldGateway.Tests;

/// <summary>Whoever reads the log may stand still; the gateway does not.</summary>
public sealed class LineQueueTests
{
    [Fact]
    public async Task Lines_that_nobody_reads_are_left_out_and_hold_nobody_up()
    {
        using var reader = new StuckWriter();
        using var lines = new LineQueue(reader);
        for (var i = 0; i < 10_000; i++) lines.Add($"{i}");
        Assert.InRange(lines.LeftOut, 1, 10_000);
        reader.GoOn();
        await Wait.UntilAsync(() => lines.LeftOut == 0 && reader.Written > 1_000, () => $"{reader.Written} written");
    }

    private sealed class StuckWriter : StringWriter
    {
        private readonly ManualResetEventSlim _free = new();
        private int _written;

        internal int Written => Volatile.Read(ref _written);

        internal void GoOn() => _free.Set();

        public override void WriteLine(string? value)
        {
            _free.Wait();
            Interlocked.Increment(ref _written);
        }

        protected override void Dispose(bool disposing)
        {
            _free.Set();
            base.Dispose(disposing);
        }
    }
}
