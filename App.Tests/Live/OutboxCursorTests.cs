using BlazorAdmin.Live;

namespace BlazorAdmin.Tests.Live;

public sealed class OutboxCursorTests
{
    private readonly FakeTime _time = new();
    private readonly OutboxCursor _cursor;

    public OutboxCursorTests() => _cursor = new OutboxCursor(TimeSpan.FromSeconds(5), _time);

    [Fact]
    public void Take_Contiguous_LowFollows()
    {
        _cursor.Begin([]);
        _cursor.Take(1).ShouldBeTrue();
        _cursor.Take(2).ShouldBeTrue();
        _cursor.Advance();
        _cursor.Low.ShouldBe(2);
        _cursor.Take(2).ShouldBeFalse();
    }

    [Fact]
    public void Take_LateCommit_IsStillTakenOnce()
    {
        _cursor.Begin([5]);
        _cursor.Take(7).ShouldBeTrue();
        _cursor.Advance();
        _cursor.Low.ShouldBe(5);
        _cursor.Take(7).ShouldBeFalse();
        _cursor.Take(6).ShouldBeTrue();
        _cursor.Advance();
        _cursor.Low.ShouldBe(7);
    }

    [Fact]
    public void Advance_IdNeverComes_IsGivenUpAfterPatience()
    {
        _cursor.Begin([5]);
        _cursor.Take(8);
        _cursor.Advance();
        _time.Advance(TimeSpan.FromSeconds(4));
        _cursor.Advance();
        _cursor.Low.ShouldBe(5);
        _time.Advance(TimeSpan.FromSeconds(2));
        _cursor.Advance();
        _cursor.Low.ShouldBe(8);
    }

    [Fact]
    public void Advance_SecondGapBehindTheFirst_HasItsOwnPatience()
    {
        _cursor.Begin([5]);
        _cursor.Take(7);
        _cursor.Advance();
        _time.Advance(TimeSpan.FromSeconds(4));
        _cursor.Take(9);
        _cursor.Advance();
        _time.Advance(TimeSpan.FromSeconds(2));
        _cursor.Advance();
        _cursor.Low.ShouldBe(7);
        _cursor.Take(8).ShouldBeTrue();
        _cursor.Advance();
        _cursor.Low.ShouldBe(9);
    }

    [Fact]
    public void Begin_GapBeforeTheLast_IsWaitedFor()
    {
        _cursor.Begin([3, 5]);
        _cursor.Low.ShouldBe(3);
        _cursor.Take(4).ShouldBeTrue();
        _cursor.Take(5).ShouldBeFalse();
        _cursor.Advance();
        _cursor.Low.ShouldBe(5);
    }
}
