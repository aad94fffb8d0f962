using System.Globalization;
using Governance.Edge.V1;
using Governance.Gateway;

// A gateway process that is killed: takes sweeps into a folder, and says after each that it was kept.
// Arguments: address, folder, life (distinguishes the values of one process from those of the others), sweeps, milliseconds to sync within.
var (address, folder, life, sweeps) = (args[0], args[1], long.Parse(args[2], CultureInfo.InvariantCulture), long.Parse(args[3], CultureInfo.InvariantCulture));
const int sources = 3, detectors = 4;
var declared = Enumerable.Range(0, sources).Select(s => new SourceDeclaration
{
    SourceId = $"HS-{s:00}", Detectors = { Enumerable.Range(0, detectors).Select(d => new DetectorDeclaration { DetectorId = $"D{d}", Unit = "mg/m3" }) },
}).ToArray();
var options = new GatewayOptions
{
    Nodes = NodeChannel.ToAll(address), Token = () => "token", GatewayId = "gw", BufferFolder = folder, BufferBytes = 2 << 20, MaxFrameReadings = 100,
    SyncWithin = TimeSpan.FromMilliseconds(double.Parse(args[4], CultureInfo.InvariantCulture)),
};
await using var gateway = new GatewayClient(options, declared);
Console.WriteLine($"epoch {gateway.Epoch} {gateway.EpochRose} {string.Join(';', gateway.BufferDamage)}");
var samples = new Sample[sources * detectors];
for (var sweep = 1L; sweep <= sweeps; sweep++)
{
    var now = DateTimeOffset.UtcNow;
    for (var i = 0; i < samples.Length; i++) samples[i] = new Sample(i / detectors, i % detectors, now, (life * 1_000_000) + sweep);
    await gateway.SendAsync(now, samples);
    Console.WriteLine($"kept {sweep}");
}
while (gateway.OpenReadings > 0) await Task.Delay(10);
Console.WriteLine("drained");
