using Governance.FieldGateway.Keeping;
using Xunit.Abstractions;

namespace Governance.FieldGateway.Tests;

/// <summary>The memory of uploads across crashes: after any of them, what was taken is known and what was not is taken.</summary>
public sealed class RequestBookTests(ITestOutputHelper output) : IDisposable
{
    private const int PerStation = 50;
    private readonly string _folder = Directory.CreateTempSubdirectory("field-book-").FullName;
    private readonly Dictionary<string, long> _numbers = new() { ["A"] = 0, ["B"] = 0 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_kept_is_known_and_what_was_intended_is_judged_by_the_numbers()
    {
        using (var book = Open())
        {
            var (kept, taken, not) = (Intended("1", 1), Intended("2", 2), Intended("3", 3));
            book.Intend(kept);
            book.Keep(kept);
            book.Intend(taken);
            book.Intend(not);
        }
        // The process was killed; the kit's folder has two numbers of each detector.
        (_numbers["A"], _numbers["B"]) = (2, 2);
        using var next = Open();
        Assert.True(next.Find(Name("1"))!.IsKept);
        Assert.True(next.Find(Name("2"))!.IsKept);
        Assert.Null(next.Find(Name("3")));
    }

    /// <summary>A crash may come between two readings of one upload: the rest is taken, and again the rest after another crash.</summary>
    [Fact]
    public void What_was_half_taken_is_completed_however_often_it_is_interrupted()
    {
        using (var book = Open()) book.Intend(Intended("1", 1));
        (_numbers["A"], _numbers["B"]) = (1, 0);
        for (var crash = 0; crash < 3; crash++)
        {
            using var book = Open();
            var found = book.Find(Name("1"))!;
            Assert.False(found.IsKept);
            Assert.Equal(["B"], found.Missing!);
            if (crash == 0) continue;
            var rest = new Request(Name("1"), 1, [new Intended("B", 1)], IsRest: true);
            book.Intend(rest);
            if (crash == 2) book.NotTaken(rest);
        }
        using (var book = Open()) book.Intend(new Request(Name("1"), 1, [new Intended("B", 1)], IsRest: true));
        _numbers["B"] = 1;
        using var last = Open();
        Assert.True(last.Find(Name("1"))!.IsKept);
    }

    /// <summary>Numbers of another epoch say nothing; what was told to be kept is.</summary>
    [Fact]
    public void In_a_new_epoch_only_what_was_told_to_be_kept_is()
    {
        using (var book = Open())
        {
            book.Intend(Intended("1", 1));
            book.Keep(book.Find(Name("1"))!);
            book.Intend(Intended("2", 2));
        }
        (_numbers["A"], _numbers["B"]) = (9, 9);
        using var next = Open(epoch: 2);
        Assert.True(next.Find(Name("1"))!.IsKept);
        Assert.Null(next.Find(Name("2")));
    }

    [Fact]
    public void The_last_uploads_of_each_station_are_remembered_and_the_file_stays_small()
    {
        using (var book = Open())
            for (var i = 1; i <= 1_200; i++)
            {
                var request = Intended($"{i}", i);
                book.Intend(request);
                (_numbers["A"], _numbers["B"]) = (i, i);
                book.Keep(request);
                if (i % 7 == 0) book.NotTaken(Intended($"x{i}", i + 1));
            }
        Assert.InRange(new FileInfo(Path.Combine(_folder, "requests")).Length, 1, 400_000);
        using var next = Open();
        Assert.Equal(PerStation, next.Count);
        Assert.True(next.Find(Name("1200"))!.IsKept);
        Assert.Null(next.Find(Name($"{1_200 - PerStation}")));
    }

    /// <summary>The file is cut as a crash may cut it; the kit has whatever it can have by then. What was taken is known, what was not is not.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Cut_anywhere_what_is_known_is_exactly_what_was_taken(int seed)
    {
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var file = Path.Combine(_folder, "requests");
        // Every write: where the file ended then, what the kit could have taken by then, and what it must have kept.
        var (ends, taken, least) = (new List<(long End, int Intended, long CanHave, long MustHave)>(), 0L, 0L);
        var numbers = new Dictionary<int, long?>();
        using (var book = Open())
            for (var i = 1; i <= 8; i++)
            {
                var request = Intended($"{i}", taken + 1);
                book.Intend(request);
                ends.Add((new FileInfo(file).Length, i, taken + 1, least));
                if (random.Next(3) == 0)
                {
                    numbers[i] = null;
                    book.NotTaken(request);
                    // It never was: before the word that says so as little as after.
                    ends[^1] = ends[^1] with { CanHave = taken };
                    ends.Add((new FileInfo(file).Length, i, taken, least));
                    continue;
                }
                numbers[i] = ++taken;
                if (random.Next(2) == 0) continue;
                book.Keep(request);
                ends.Add((new FileInfo(file).Length, i, taken, least = taken));
            }
        var whole = File.ReadAllBytes(file);
        // At the end of every write, a byte before and behind it, and at places between.
        var cuts = ends.SelectMany(e => new[] { e.End - 1, e.End, e.End + 1 }).Concat(Enumerable.Range(0, whole.Length / 40).Select(i => i * 40L)).Where(c => c <= whole.Length).Distinct();
        foreach (var length in cuts)
        {
            File.WriteAllBytes(file, whole[..(int)length]);
            var (_, intended, can, must) = ends.LastOrDefault(e => e.End <= length);
            var has = _numbers["A"] = _numbers["B"] = random.NextInt64(must, can + 1);
            using var book = Open();
            for (var i = 1; i <= 8; i++)
                Assert.True((book.Find(Name($"{i}"))?.IsKept ?? false) == (i <= intended && numbers[i] is { } number && number <= has), $"seed {seed}, cut at {length}, the kit has {has}: upload {i}");
        }
    }

    private RequestBook Open(long epoch = 1) => new(_folder, PerStation, epoch, name => _numbers.TryGetValue(name, out var last) ? last : null);

    private static RequestName Name(string qn) => new("MN-1", qn, "d");

    private static Request Intended(string qn, long number) => new(Name(qn), 1, [new Intended("A", number), new Intended("B", number)], IsRest: false);
}
