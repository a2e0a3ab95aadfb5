using System.Globalization;
using BlazorAdmin.Live;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Live;

public sealed class LiveComponentTests : BunitContext
{
    private readonly FakeTime _time = new();
    private readonly PageVisibility _visibility = new();
    private readonly RecordingLogger _log = new();
    private readonly Topic<Changed> _topic = new("changed", new RecordingBus(), NullLogger<Topic<Changed>>.Instance);

    public LiveComponentTests()
    {
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddSingleton(_visibility);
        Services.AddSingleton(_topic);
        Services.AddSingleton<ILoggerFactory>(new OneLogger(_log));
    }

    [Fact]
    public void Render_First_SubscribesOnce()
    {
        var cut = Render<Counter>();
        _topic.SubscriberCount.ShouldBe(1);
        cut.Render();
        _topic.SubscriberCount.ShouldBe(1);
        cut.Find("p").TextContent.ShouldBe("0");
    }

    [Fact]
    public void Publish_WatchedTopic_TheViewFollows()
    {
        var cut = Render<Counter>();
        _topic.Publish(new Changed(1));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
    }

    [Fact]
    public async Task Publish_Burst_RefreshesTwice()
    {
        var cut = Render<Counter>();
        _topic.Publish(new Changed(1));
        await Asleep();
        for (var i = 0; i < 50; i++) _topic.Publish(new Changed(i));
        _time.Advance(TimeSpan.FromSeconds(1));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("2"));
        await Asleep();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Holds(() => _time.Sleepers == 0);
        cut.Instance.Refreshes.ShouldBe(2);
    }

    [Fact]
    public async Task Publish_DoesNotConcernTheView_NoRefresh()
    {
        var cut = Render<Counter>(p => p.Add(c => c.Only, 5));
        _topic.Publish(new Changed(1));
        _topic.Publish(new Changed(5));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
        await Asleep();
        cut.Instance.Refreshes.ShouldBe(1);
    }

    [Fact]
    public void ReceiveGap_MessagesMayBeLost_Refreshes()
    {
        var cut = Render<Counter>(p => p.Add(c => c.Only, 5));
        ((ITopic)_topic).ReceiveGap();
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
    }

    [Fact]
    public void Publish_BetweenReadingAndSubscribing_IsNotMissed()
    {
        var cut = Render<Counter>(p => p.Add(c => c.WhileInitializing, () => _topic.Publish(new Changed(1))));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
    }

    [Fact]
    public async Task DisposeAsync_LeavesNoSubscriberAndNoTimer()
    {
        var cut = Render<Counter>();
        _topic.Publish(new Changed(1));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
        await Asleep();
        var counter = cut.Instance;
        await DisposeComponentsAsync();
        _topic.SubscriberCount.ShouldBe(0);
        counter.Kept.Disposed.ShouldBeTrue();
        await Eventually.Holds(() => _time.Sleepers == 0);
        _topic.Publish(new Changed(2));
        counter.Refreshes.ShouldBe(1);
        counter.Token.IsCancellationRequested.ShouldBeTrue();
        _visibility.Set(true);
        _visibility.Set(false);
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task DisposeAsync_WhileRefreshing_CancelsTheReadingAndSaysNothing()
    {
        var gate = new TaskCompletionSource();
        var cut = Render<Counter>(p => p.Add(c => c.Reading, async cancellation =>
        {
            gate.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        }));
        _topic.Publish(new Changed(1));
        await gate.Task;
        await DisposeComponentsAsync();
        await Eventually.Holds(() => _topic.SubscriberCount == 0);
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keep_AfterDispose_DisposesAtOnce()
    {
        var cut = Render<Counter>();
        var instance = cut.Instance;
        await DisposeComponentsAsync();
        var late = new Owned();
        instance.KeepMore(late);
        late.Disposed.ShouldBeTrue();
    }

    [Fact]
    public async Task RefreshAsync_Throws_IsLoggedAndTheNextMessageRefreshes()
    {
        var broken = true;
        var cut = Render<Counter>(p => p.Add(c => c.Reading, _ => broken ? throw new InvalidOperationException("no database") : Task.CompletedTask));
        _topic.Publish(new Changed(1));
        await Eventually.Holds(() => _log.Contains("no database"));
        broken = false;
        await Asleep();
        _topic.Publish(new Changed(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
    }

    [Fact]
    public void Publish_PageHidden_RestsAndCatchesUpOnce()
    {
        var cut = Render<Counter>();
        _visibility.Set(hidden: true);
        for (var i = 0; i < 10; i++) _topic.Publish(new Changed(i));
        _time.Sleepers.ShouldBe(0);
        cut.Instance.Refreshes.ShouldBe(0);
        _visibility.Set(hidden: false);
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
    }

    [Fact]
    public async Task Visibility_NothingMissed_ShowingDoesNotRefresh()
    {
        var cut = Render<Counter>();
        _visibility.Set(hidden: true);
        _visibility.Set(hidden: false);
        _topic.Publish(new Changed(1));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
        await Asleep();
        cut.Instance.Refreshes.ShouldBe(1);
    }

    [Fact]
    public async Task Visibility_HiddenBeforeTheIntervalEnds_TheDueRefreshWaits()
    {
        var cut = Render<Counter>();
        _topic.Publish(new Changed(1));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
        await Asleep();
        _topic.Publish(new Changed(2));
        _visibility.Set(hidden: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Asleep();
        cut.Instance.Refreshes.ShouldBe(1);
        _visibility.Set(hidden: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("2"));
    }

    [Fact]
    public void Visibility_ConnectionLost_RestsUntilBoth()
    {
        var cut = Render<Counter>();
        _visibility.SetConnected(false);
        _visibility.Set(hidden: true);
        _topic.Publish(new Changed(1));
        _visibility.SetConnected(true);
        cut.Instance.Refreshes.ShouldBe(0);
        _visibility.Set(hidden: false);
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
    }

    [Fact]
    public void Publish_FromAThreadOfAnotherLanguage_TheViewKeepsItsOwn()
    {
        CultureInfo.CurrentUICulture = new CultureInfo("de");
        var cut = Render<Counter>();
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        _topic.Publish(new Changed(1));
        cut.WaitForAssertion(() => cut.Find("p").TextContent.ShouldBe("1"));
        cut.Instance.Language.ShouldBe("de");
    }

    private Task Asleep() => Eventually.Holds(() => _time.Sleepers == 1);

    private sealed class Owned : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    private sealed class OneLogger(ILogger log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => categoryName.Contains(nameof(Counter), StringComparison.Ordinal) ? log : NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Counter : LiveComponent
    {
        private int _refreshes;

        [Parameter] public int? Only { get; set; }

        [Parameter] public Func<CancellationToken, Task>? Reading { get; set; }

        [Parameter] public Action? WhileInitializing { get; set; }

        [Inject] public required Topic<Changed> Topic { get; init; }

        public Owned Kept { get; } = new();

        public string? Language { get; private set; }

        public CancellationToken Token => Ended;

        public int Refreshes => Volatile.Read(ref _refreshes);

        public void KeepMore(IDisposable more) => Keep(more);

        protected override void OnInitialized() => WhileInitializing?.Invoke();

        protected override void Subscribe()
        {
            Keep(Kept);
            Watch(Topic, Only is null ? null : m => m.Id == Only);
        }

        protected override async Task RefreshAsync(CancellationToken cancellation)
        {
            if (Reading is not null) await Reading(cancellation);
            Interlocked.Increment(ref _refreshes);
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            Language = CultureInfo.CurrentUICulture.Name;
            builder.OpenElement(0, "p");
            builder.AddContent(1, Refreshes);
            builder.CloseElement();
        }
    }
}
