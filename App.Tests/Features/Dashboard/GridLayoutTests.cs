using BlazorAdmin.Features.Dashboard;

namespace BlazorAdmin.Tests.Features.Dashboard;

public sealed class GridLayoutTests
{
    private const int Runs = 400;

    [Fact]
    public void EveryChange_RandomCards_LeavesNoOverlapAndNothingToFall()
    {
        var random = new Random(20261121);
        for (var run = 0; run < Runs; run++)
        {
            var places = GridLayout.Compact(RandomPlaces(random));
            Check(places, $"compact, run {run}");
            for (var change = 0; change < 20 && places.Length > 0; change++)
            {
                var index = random.Next(places.Length);
                var before = places;
                places = random.Next(4) switch
                {
                    0 => GridLayout.Move(places, index, random.Next(-3, 16), random.Next(-3, 40)),
                    1 => GridLayout.Resize(places, index, random.Next(-3, 20), random.Next(-3, 40), random.Next(1, 5), random.Next(1, 5)),
                    2 => GridLayout.Step(places, index, random.Next(-1, 2), 0),
                    _ => GridLayout.Step(places, index, 0, random.Next(-1, 2)),
                };
                Check(places, $"run {run}, change {change}");
                for (var i = 0; i < places.Length; i++)
                    if (i != index)
                        (places[i].W, places[i].H).ShouldBe((before[i].W, before[i].H));
            }
        }
    }

    [Fact]
    public void Compact_Twice_ChangesNothing()
    {
        var random = new Random(7);
        for (var run = 0; run < Runs; run++)
        {
            var once = GridLayout.Compact(RandomPlaces(random));
            GridLayout.Compact(once).ShouldBe(once);
        }
    }

    [Fact]
    public void Compact_NonsensePlaces_AreBroughtIntoBounds()
    {
        var places = GridLayout.Compact([new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue), new(int.MinValue, int.MinValue, 0, -1), new(5, 2, 12, 2)]);
        Check(places, "nonsense");
        places[1].ShouldBe(new GridPlace(0, 0, 1, 1));
    }

    [Fact]
    public void Fit_Anything_OverlapsNothingAndCouldNotLieHigher()
    {
        var random = new Random(11);
        for (var run = 0; run < Runs; run++)
        {
            var places = GridLayout.Compact(RandomPlaces(random));
            var place = GridLayout.Fit(places, random.Next(1, 13), random.Next(1, 6));
            Check([.. places, place], $"run {run}");
        }
    }

    [Fact]
    public void Flow_DefaultSizes_FillsRowsFromTheTop() =>
        GridLayout.Flow([(12, 2), (3, 3), (3, 3), (3, 3), (3, 3), (8, 6), (4, 3), (4, 3)]).ShouldBe(
            [new(0, 0, 12, 2), new(0, 2, 3, 3), new(3, 2, 3, 3), new(6, 2, 3, 3), new(9, 2, 3, 3), new(0, 5, 8, 6), new(8, 5, 4, 3), new(8, 8, 4, 3)]);

    [Fact]
    public void Move_DownPastTheMiddleOfTheOther_GoesBelowIt()
    {
        GridPlace[] places = [new(0, 0, 4, 3), new(0, 3, 4, 3)];
        GridLayout.Move(places, 0, 0, 1).ShouldBe(places);
        GridLayout.Move(places, 0, 0, 2).ShouldBe([new(0, 3, 4, 3), new(0, 0, 4, 3)]);
        GridLayout.Move(places, 1, 0, 1).ShouldBe([new(0, 3, 4, 3), new(0, 0, 4, 3)]);
    }

    [Fact]
    public void Move_OntoMostOfOneOfTheSameSize_ChangesPlaces() =>
        GridLayout.Move([new(0, 0, 3, 3), new(3, 0, 3, 3), new(6, 0, 3, 3)], 0, 7, 0).ShouldBe([new(6, 0, 3, 3), new(3, 0, 3, 3), new(0, 0, 3, 3)]);

    [Fact]
    public void Step_DownOnce_PassesTheCardBelow()
    {
        GridPlace[] places = [new(0, 0, 4, 5), new(0, 5, 4, 2), new(4, 0, 4, 2)];
        var moved = GridLayout.Step(places, 0, 0, 1);
        moved.ShouldBe([new(0, 2, 4, 5), new(0, 0, 4, 2), new(4, 0, 4, 2)]);
        GridLayout.Step(moved, 0, 0, -1).ShouldBe(places);
        GridLayout.Step(places, 2, 0, -1).ShouldBe(places);
        GridLayout.Step(places, 0, -1, 0).ShouldBe(places);
    }

    [Fact]
    public void Step_Right_ChangesPlacesWithANeighbourOfTheSameSize() =>
        GridLayout.Step([new(0, 0, 6, 2), new(6, 0, 6, 2)], 0, 1, 0).ShouldBe([new(6, 0, 6, 2), new(0, 0, 6, 2)]);

    [Fact]
    public void Resize_BeyondBoundsOrLeast_IsHeldThere()
    {
        GridPlace[] places = [new(6, 0, 3, 3)];
        GridLayout.Resize(places, 0, 99, 99).ShouldBe([new(6, 0, 6, GridLayout.MostRows)]);
        GridLayout.Resize(places, 0, 0, 0, 2, 3).ShouldBe([new(6, 0, 2, 3)]);
    }

    [Fact]
    public void Resize_OverItsNeighbour_PushesThatDown() =>
        GridLayout.Resize([new(0, 0, 4, 3), new(4, 0, 4, 3), new(8, 0, 4, 3)], 0, 6, 3).ShouldBe([new(0, 0, 6, 3), new(4, 3, 4, 3), new(8, 0, 4, 3)]);

    private static GridPlace[] RandomPlaces(Random random) =>
        [.. Enumerable.Range(0, random.Next(0, 15)).Select(_ => new GridPlace(random.Next(-2, 14), random.Next(-2, 30), random.Next(0, 14), random.Next(0, 9)))];

    private static void Check(GridPlace[] places, string when)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var place = places[i];
            (place is { X: >= 0, Y: >= 0, W: >= 1, H: >= 1 } && place.Right <= GridLayout.Columns && place.H <= GridLayout.MostRows).ShouldBeTrue($"{when}: {place} is out of bounds");
            for (var j = 0; j < i; j++) place.Overlaps(places[j]).ShouldBeFalse($"{when}: {place} and {places[j]}");
            var supported = place.Y == 0 || places.Any(other => other.Bottom == place.Y && other.SharesColumn(place));
            supported.ShouldBeTrue($"{when}: {place} hangs in the air");
        }
    }
}
