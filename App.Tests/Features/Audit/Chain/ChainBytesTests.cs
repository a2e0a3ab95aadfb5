using System.Text;
using BlazorAdmin.Features.Audit.Chain;

namespace BlazorAdmin.Tests.Features.Audit.Chain;

public sealed class ChainBytesTests
{
    private static readonly string[] OfTheChain = [nameof(ChainRow.Sequence), nameof(ChainRow.PreviousHash), nameof(ChainRow.Hash), nameof(ChainRow.IsUnreadable)];

    internal static ChainRow Example { get; } = new()
    {
        Id = 7,
        TenantId = new Guid("00000000-0000-0000-0000-000000000001"),
        At = new DateTimeOffset(2026, 11, 21, 15, 58, 33, 123, 456, TimeSpan.Zero),
        ActorId = new Guid("11111111-2222-3333-4444-555555555555"),
        Address = "192.0.2.1",
        Node = "node-1",
        Action = "jobs.retry",
        Outcome = "Done",
        SubjectType = "job",
        SubjectId = "42",
        SubjectName = "Größe.pdf",
        Count = 1,
        Detail = """{"filter":"state=failed"}""",
    };

    // Sealed rows keep their bytes for ever: a change of the format must get a new number.
    [Fact]
    public void Of_ExampleRow_HasTheBytesOfFormatOne()
    {
        var expected = new StringBuilder("01");
        Field("0000000000000007");
        Field("00000000000000000000000000000001");
        Field(Example.At.UtcTicks.ToString("x16"));
        Field("11111111222233334444555555555555");
        expected.Append("ffffffff"); // no session
        Text("192.0.2.1");
        Text("node-1");
        Text("jobs.retry");
        Text("Done");
        Text("job");
        Text("42");
        Text("Größe.pdf");
        Field("00000001");
        expected.Append("ffffffff").Append("ffffffff"); // no before and after
        Text("""{"filter":"state=failed"}""");

        Convert.ToHexStringLower(ChainBytes.Of(Example)).ShouldBe(expected.ToString());

        void Field(string hex) => expected.Append((hex.Length / 2).ToString("x8")).Append(hex);

        void Text(string text) => Field(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Hash_EveryPropertyOfTheRow_IsCovered()
    {
        var hash = ChainBytes.Hash(ChainPoint.Origin.Hash, Example);
        foreach (var property in typeof(ChainRow).GetProperties().Where(p => !OfTheChain.Contains(p.Name)))
        {
            var changed = Example with { };
            property.SetValue(changed, Other(property.GetValue(Example), property.PropertyType));
            ChainBytes.Hash(ChainPoint.Origin.Hash, changed).ShouldNotBe(hash, property.Name);
        }

        ChainBytes.Hash(hash, Example).ShouldNotBe(hash, "the row before is covered");
    }

    [Fact]
    public void Of_TextMovedToTheNextField_Differs()
    {
        ChainBytes.Of(Example with { SubjectType = "jo", SubjectId = "b42" }).ShouldNotBe(ChainBytes.Of(Example with { SubjectType = "job", SubjectId = "42" }));
        ChainBytes.Of(Example with { Before = null, After = "x" }).ShouldNotBe(ChainBytes.Of(Example with { Before = "x", After = null }));
        ChainBytes.Of(Example with { Before = "" }).ShouldNotBe(ChainBytes.Of(Example));
    }

    private static object Other(object? value, Type type) => value switch
    {
        string text => text + "x",
        int number => number + 1,
        long number => number + 1,
        DateTimeOffset at => at.AddTicks(1),
        _ when type == typeof(string) => "x",
        _ => Guid.NewGuid(),
    };
}
