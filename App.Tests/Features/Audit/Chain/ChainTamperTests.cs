using System.Text;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Audit.Chain;
using Xunit.Abstractions;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

/// <summary>One byte changed, rows dropped, moved, put in or computed anew, a thousand times: each is found, and the row named.</summary>
public sealed class ChainTamperTests(ITestOutputHelper output)
{
    private const int Rows = 60;
    private const int Times = 1_000;

    private readonly ChainSigner _signer = Signer();

    [Fact]
    public void Chain_TamperedWithAThousandTimes_IsNamedEachTime()
    {
        var chain = Sealed(Rows);
        Follow(chain, Anchor(chain)).ProblemCount.ShouldBe(0, "untouched");
        var random = new Random(20261121);
        var kinds = new Dictionary<string, int>();
        for (var i = 0; i < Times; i++)
        {
            var (kind, rows, named) = Tamper(chain, random, i);

            var check = Follow(rows, Anchor(chain));

            check.ProblemCount.ShouldBeGreaterThan(0, $"{i}: {kind}");
            foreach (var place in named)
                check.Problems.ShouldContain(p => p.Sequence <= place && place < p.Sequence + p.Count, $"{i}: {kind} at #{place}, found {string.Join("; ", check.Problems.Select(p => p.Describe()))}");
            // What was not touched is not accused: a changed byte names one row and no other.
            if (kind.StartsWith("byte", StringComparison.Ordinal)) check.ProblemCount.ShouldBe(1, $"{i}: {kind}");
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        foreach (var (kind, count) in kinds.OrderBy(k => k.Key, StringComparer.Ordinal)) output.WriteLine($"{count,4} {kind}");
        kinds.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Chain_ComputedAnewByWhoeverKnowsTheFormat_ContradictsTheAnchor()
    {
        var chain = Sealed(Rows);
        var forged = Reseal(chain.Select((row, i) => i == 10 ? row with { SubjectName = "harmless" } : row));

        Follow(forged, []).ProblemCount.ShouldBe(0, "the chain itself is whole");
        Follow(forged, Anchor(chain)).Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(p => p.Kind.ShouldBe(ChainProblemKind.Rewritten), p => p.Sequence.ShouldBe(Rows));
    }

    [Fact]
    public void Check_ManyProblems_KeepsTheFirstHundredAndCountsAll()
    {
        var chain = Sealed(300).Select(row => row with { Count = row.Count + 1 });

        var check = Follow(chain, []);

        check.ProblemCount.ShouldBe(300);
        check.Problems.Select(p => p.Sequence).ShouldBe(Enumerable.Range(1, ChainCheck.MostKept).Select(i => (long)i));
    }

    private static (string Kind, IReadOnlyList<ChainRow> Rows, long[] Named) Tamper(IReadOnlyList<ChainRow> chain, Random random, int turn)
    {
        var rows = chain.ToList();
        var at = random.Next(rows.Count);
        switch (turn % 10)
        {
            case 0:
                var many = random.Next(1, 5);
                var first = random.Next(rows.Count - many);
                rows.RemoveRange(first, many);
                return ("dropped", rows, [.. Enumerable.Range(first + 1, many).Select(i => (long)i)]);
            case 1:
                var tail = random.Next(1, 10);
                rows.RemoveRange(rows.Count - tail, tail);
                return ("tail cut", rows, [.. Enumerable.Range(rows.Count + 1, tail).Select(i => (long)i)]);
            case 2:
                var other = (at + random.Next(1, rows.Count)) % rows.Count;
                (rows[at], rows[other]) = (rows[other] with { Sequence = rows[at].Sequence }, rows[at] with { Sequence = rows[other].Sequence });
                return ("reordered", rows, [at + 1, other + 1]);
            case 3:
                rows.Insert(at, rows[at] with { Id = 9_999, Sequence = at + 1, SubjectName = "put in" });
                for (var i = at + 1; i < rows.Count; i++) rows[i] = rows[i] with { Sequence = i + 1 };
                return ("put in", rows, [at + 1]);
            case 4:
                rows.RemoveAt(at);
                for (var i = at; i < rows.Count; i++) rows[i] = rows[i] with { Sequence = i + 1 };
                return at == rows.Count ? ("dropped last", rows, [at + 1]) : ("dropped and closed up", rows, [at + 1]);
            case 5:
                return ("computed anew", Reseal(rows.Select((row, i) => i == at ? row with { Outcome = "Denied" } : row)), [chain.Count]);
            default:
                return ChangeByte(rows, at, random);
        }
    }

    /// <summary>Changes one bit of one stored field.</summary>
    private static (string Kind, IReadOnlyList<ChainRow> Rows, long[] Named) ChangeByte(List<ChainRow> rows, int at, Random random)
    {
        var fields = typeof(ChainRow).GetProperties().Where(p => p.Name is not nameof(ChainRow.Sequence) and not nameof(ChainRow.IsUnreadable) && p.GetValue(rows[at]) is not null and not "").ToList();
        var field = fields[random.Next(fields.Count)];
        var changed = rows[at] with { };
        field.SetValue(changed, field.GetValue(changed) switch
        {
            byte[] bytes => Flip(bytes, random),
            string text => Encoding.Latin1.GetString(Flip(Encoding.Latin1.GetBytes(text), random)),
            long number => number ^ (1L << random.Next(62)),
            int number => number ^ (1 << random.Next(31)),
            Guid id => new Guid(Flip(id.ToByteArray(), random)),
            DateTimeOffset time => time.AddTicks(10 * (1L << random.Next(30))),
            var other => throw new InvalidOperationException($"{field.Name}: {other}"),
        });
        rows[at] = changed;
        return ($"byte of {field.Name}", rows, [at + 1]);
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        var copy = (byte[])bytes.Clone();
        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    private static ChainCheck Follow(IEnumerable<ChainRow> rows, IReadOnlyCollection<ChainAnchor> anchors)
    {
        var check = new ChainCheck(ChainPoint.Origin, anchors);
        foreach (var row in rows) check.Next(row);
        check.End();
        return check;
    }

    private ChainAnchor[] Anchor(IReadOnlyList<ChainRow> chain) => [_signer.Sign(new ChainPoint(chain[^1].Sequence!.Value, chain[^1].Hash!), DateTimeOffset.UnixEpoch)];

    private static IReadOnlyList<ChainRow> Sealed(int count) => Reseal(Enumerable.Range(1, count).Select(i => ChainBytesTests.Example with
    {
        Id = i,
        At = ChainBytesTests.Example.At.AddSeconds(i),
        SubjectId = $"{i}",
        SubjectName = i % 3 == 0 ? null : $"thing {i}",
        SessionId = i % 2 == 0 ? new Guid(i, 2, 3, new byte[8]) : null,
        Before = i % 4 == 0 ? """[{"entity":"User"}]""" : null,
        Count = i,
    }));

    private static IReadOnlyList<ChainRow> Reseal(IEnumerable<ChainRow> rows)
    {
        var chained = new List<ChainRow>();
        foreach (var row in rows)
        {
            var previous = chained.Count == 0 ? ChainPoint.Origin.Hash : chained[^1].Hash!;
            chained.Add(row with { Sequence = chained.Count + 1, PreviousHash = previous, Hash = ChainBytes.Hash(previous, row) });
        }

        return chained;
    }

    private static ChainSigner Signer()
    {
        var key = new RootKey();
        key.Load(new byte[RootKey.Length]);
        return new ChainSigner(key);
    }
}
