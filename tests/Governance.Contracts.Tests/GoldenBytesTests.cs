using Governance.Contracts.Codecs;

namespace Governance.Contracts.Tests;

/// <summary>
/// What is on disk stays readable for ever: the bytes of every stored type are approved files. UPDATE_GOLDEN=1 writes
/// those that are missing; a file that exists is never rewritten. A type that got another field gets another file
/// (<c>name@2.hex</c>, …): the newest has what is written today, the older ones are read for ever.
/// </summary>
public sealed class GoldenBytesTests
{
    private static readonly string Folder = Path.Combine(Root(), "tests", "Governance.Contracts.Tests", "Golden");

    public static TheoryData<string> Stored => [.. JournalRegistry.Codecs.All.Select(c => c.Manifest)];
    public static TheoryData<string> Travelling => [.. ClusterRegistry.Codecs.All.Select(c => c.Manifest)];
    public static TheoryData<string> Commands => [.. ClusterRegistry.Commands.All.Select(c => c.Manifest)];

    [Theory, MemberData(nameof(Stored))]
    public void Stored_bytes_are_the_approved_ones(string manifest)
    {
        var codec = JournalRegistry.Codecs.Named(manifest);
        var bytes = codec.Encode(Samples.Of(codec.Type));
        Assert.Equal(Convert.ToHexStringLower(Approved(manifest, () => bytes, grows: true)), Convert.ToHexStringLower(bytes));
    }

    /// <summary>The bytes in a golden file; missing, it is written only when asked for.</summary>
    /// <param name="grows">What is written today may have more fields than what was.</param>
    internal static byte[] Approved(string name, Func<byte[]> make, bool grows = false)
    {
        var revision = 1;
        while (File.Exists(Revision(name, revision + 1))) revision++;
        var file = Revision(name, revision);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1" && (grows || !File.Exists(file)))
        {
            if (File.Exists(file) && File.ReadAllText(file).Trim() != Convert.ToHexStringLower(make())) file = Revision(name, revision + 1);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, Convert.ToHexStringLower(make()) + "\n");
        }
        Assert.True(File.Exists(file), $"{name} has no approved bytes: run once with UPDATE_GOLDEN=1 and read the new file");
        return Convert.FromHexString(File.ReadAllText(file).Trim());
    }

    private static string Revision(string name, int number) => Path.Combine(Folder, number == 1 ? $"{name}.hex" : $"{name}@{number}.hex");

    /// <summary>Bytes that were approved once are read, whatever the type looks like today.</summary>
    [Fact]
    public void Every_approved_file_can_be_read()
    {
        var files = Directory.GetFiles(Folder, "*.hex");
        Assert.NotEmpty(files);
        foreach (var file in files)
            Assert.NotNull(JournalRegistry.Codecs.Named(Path.GetFileNameWithoutExtension(file).Split('@')[0]).Decode(Convert.FromHexString(File.ReadAllText(file).Trim())));
    }

    [Theory, MemberData(nameof(Stored))]
    public void Stored_types_come_back_as_they_went(string manifest) => RoundTrip(JournalRegistry.Codecs, manifest);

    [Theory, MemberData(nameof(Travelling))]
    public void Travelling_types_come_back_as_they_went(string manifest) => RoundTrip(ClusterRegistry.Codecs, manifest);

    [Theory, MemberData(nameof(Commands))]
    public void Commands_come_back_as_they_went(string manifest) => RoundTrip(ClusterRegistry.Commands, manifest);

    [Fact]
    public void The_unknown_is_loud()
    {
        Assert.Throws<InvalidOperationException>(() => JournalRegistry.Codecs.Named("case.NeverWas.1"));
        Assert.Throws<InvalidOperationException>(() => JournalRegistry.Codecs.For("a string"));
        Assert.ThrowsAny<Exception>(() => JournalRegistry.Codecs.Named("case.LevelChanged.1").Decode([0x10, 0x63]));
    }

    private static void RoundTrip(CodecRegistry registry, string manifest)
    {
        var codec = registry.Named(manifest);
        var sample = Samples.Of(codec.Type);
        var bytes = codec.Encode(sample);
        var back = codec.Decode(bytes);
        Assert.Equal(codec.Type, back.GetType());
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(codec.Encode(back)));
        Assert.Equal(Text(sample), Text(back));
    }

    /// <summary>All fields as text: a field that is not carried shows, collections included.</summary>
    private static string Text(object value) => System.Text.Json.JsonSerializer.Serialize(value, value.GetType(), new System.Text.Json.JsonSerializerOptions
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Governance.Actors.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the repository root was not found");
    }
}
