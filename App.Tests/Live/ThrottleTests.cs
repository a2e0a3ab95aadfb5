using System.Globalization;
using BlazorAdmin.Live;

namespace BlazorAdmin.Tests.Live;

public sealed class ThrottleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly FakeTime _time = new();
    private readonly List<Exception> _errors = [];
    private int _runs;

    private Throttle Create(Func<CancellationToken, Task>? action = null) => new(Interval, action ?? CountAsync, _time, e =>
    {
        lock (_errors) _errors.Add(e);
    });

    [Fact]
    public async Task Signal_Quiet_RunsAtOnce()
    {
        await using var throttle = Create();
        throttle.Signal();
        await Ran(1);
    }

    [Fact]
    public async Task Signal_ManyWithinInterval_RunsOnceMoreAtItsEnd()
    {
        await using var throttle = Create();
        throttle.Signal();
        await Ran(1);
        await Asleep();
        for (var i = 0; i < 100; i++) throttle.Signal();
        _runs.ShouldBe(1);
        _time.Advance(Interval);
        await Ran(2);
        await Asleep();
        _time.Advance(Interval);
        await Eventually.Holds(() => _time.Sleepers == 0);
        _runs.ShouldBe(2);
    }

    [Fact]
    public async Task Signal_AfterQuietInterval_RunsAtOnceAgain()
    {
        await using var throttle = Create();
        throttle.Signal();
        await Ran(1);
        await Asleep();
        _time.Advance(Interval);
        await Eventually.Holds(() => _time.Sleepers == 0);
        throttle.Signal();
        await Ran(2);
    }

    [Fact]
    public async Task Signal_DuringARun_RunsAgainAfterwardsAndNeverTwoAtOnce()
    {
        var gate = new TaskCompletionSource();
        var inside = 0;
        var most = 0;
        await using var throttle = Create(async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await gate.Task;
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref _runs);
        });
        throttle.Signal();
        await Eventually.Holds(() => inside == 1);
        throttle.Signal();
        gate.SetResult();
        await Ran(1);
        await Asleep();
        _time.Advance(Interval);
        await Ran(2);
        most.ShouldBe(1);
    }

    [Fact]
    public async Task Action_Throws_IsReportedAndTheNextSignalRuns()
    {
        await using var throttle = Create(_ => Interlocked.Increment(ref _runs) switch
        {
            1 => throw new InvalidOperationException("broken"),
            2 => throw new OperationCanceledException("its own time-out"),
            _ => Task.CompletedTask,
        });
        for (var run = 1; run <= 3; run++)
        {
            throttle.Signal();
            await Ran(run);
            await Asleep();
            _time.Advance(Interval);
            await Eventually.Holds(() => _time.Sleepers == 0);
        }

        _errors.Select(e => e.Message).ShouldBe(["broken", "its own time-out"]);
    }

    [Fact]
    public async Task DisposeAsync_DuringARun_CancelsItAndWaits()
    {
        var started = new TaskCompletionSource();
        var ended = false;
        var throttle = Create(async cancellation =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                ended = true;
            }
        });
        throttle.Signal();
        await started.Task;
        await throttle.DisposeAsync();
        ended.ShouldBeTrue();
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task DisposeAsync_WaitingForTheInterval_EndsAtOnceWithoutAnotherRun()
    {
        var throttle = Create();
        throttle.Signal();
        await Ran(1);
        await Asleep();
        throttle.Signal();
        await throttle.DisposeAsync();
        _runs.ShouldBe(1);
    }

    [Fact]
    public async Task Signal_AfterDispose_DoesNothing()
    {
        var throttle = Create();
        await throttle.DisposeAsync();
        await throttle.DisposeAsync();
        throttle.Signal();
        _time.Sleepers.ShouldBe(0);
        _runs.ShouldBe(0);
    }

    [Fact]
    public async Task Signal_FromManyThreadsWhileDisposed_NoRunBeginsAfterwards()
    {
        for (var round = 0; round < 50; round++)
        {
            var runs = 0;
            var throttle = new Throttle(TimeSpan.Zero, _ =>
            {
                Interlocked.Increment(ref runs);
                return Task.CompletedTask;
            }, TimeProvider.System, _ => { });
            var signals = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 200; i++) throttle.Signal();
            })).ToArray();
            await throttle.DisposeAsync();
            var atEnd = Volatile.Read(ref runs);
            await Task.WhenAll(signals);
            Volatile.Read(ref runs).ShouldBe(atEnd);
        }
    }

    [Fact]
    public async Task Signal_FromAnotherLanguage_TheRunDoesNotInheritIt()
    {
        var own = CultureInfo.DefaultThreadCurrentUICulture ?? CultureInfo.InstalledUICulture;
        CultureInfo? seen = null;
        await using var throttle = Create(_ =>
        {
            seen = CultureInfo.CurrentUICulture;
            return CountAsync(_);
        });
        CultureInfo.CurrentUICulture = new CultureInfo("fr");
        throttle.Signal();
        await Ran(1);
        seen.ShouldNotBeNull().Name.ShouldBe(own.Name);
    }

    private Task CountAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _runs);
        return Task.CompletedTask;
    }

    private Task Ran(int times) => Eventually.Holds(() => Volatile.Read(ref _runs) == times);

    private Task Asleep() => Eventually.Holds(() => _time.Sleepers == 1);
}
