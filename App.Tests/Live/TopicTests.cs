using System.Collections.Concurrent;
using System.Text.Json;
using BlazorAdmin.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Live;

public sealed class TopicTests
{
    private readonly RecordingBus _bus = new();
    private readonly Topic<Changed> _topic;

    public TopicTests() => _topic = new Topic<Changed>("changed", _bus, NullLogger<Topic<Changed>>.Instance);

    [Fact]
    public void Publish_Subscribers_HearItHereAndTheBusCarriesIt()
    {
        var heard = new List<Changed>();
        using var subscription = _topic.Subscribe(heard.Add);
        _topic.Publish(new Changed(1));
        heard.ShouldBe([new Changed(1)]);
        _bus.Sent.ShouldBe([("changed", (object)new Changed(1))]);
    }

    [Fact]
    public void PublishHere_Subscribers_HearItAndTheBusDoesNotCarryIt()
    {
        var heard = new List<Changed>();
        using var subscription = _topic.Subscribe(heard.Add);
        _topic.PublishHere(new Changed(1));
        heard.Count.ShouldBe(1);
        _bus.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void Publish_HandlerThrows_TheOthersStillHear()
    {
        var heard = 0;
        using var first = _topic.Subscribe(_ => heard++);
        using var broken = _topic.Subscribe(_ => throw new InvalidOperationException("broken"));
        using var last = _topic.Subscribe(_ => heard++);
        _topic.Publish(new Changed(1));
        heard.ShouldBe(2);
        _bus.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public void Dispose_Twice_RemovesOnlyThatSubscriber()
    {
        var heard = 0;
        Action<Changed> handler = _ => heard++;
        using var stays = _topic.Subscribe(handler);
        var goes = _topic.Subscribe(handler);
        goes.Dispose();
        goes.Dispose();
        _topic.SubscriberCount.ShouldBe(1);
        _topic.Publish(new Changed(1));
        heard.ShouldBe(1);
    }

    [Fact]
    public void Publish_HandlerDisposesALaterOneAndAddsAnother_NeitherHearsThisMessage()
    {
        var heard = new List<string>();
        IDisposable? later = null;
        using var first = _topic.Subscribe(_ =>
        {
            later?.Dispose();
            _topic.Subscribe(_ => heard.Add("new"));
        });
        later = _topic.Subscribe(_ => heard.Add("later"));
        _topic.Publish(new Changed(1));
        heard.ShouldBeEmpty();
        _topic.SubscriberCount.ShouldBe(2);
    }

    [Fact]
    public void Receive_FromAnotherProcess_IsDeliveredHereOnly()
    {
        var heard = new List<Changed>();
        using var subscription = _topic.Subscribe(heard.Add);
        ((ITopic)_topic).Receive(JsonSerializer.SerializeToElement(new Changed(3, "ä"), JsonSerializerOptions.Web));
        heard.ShouldBe([new Changed(3, "ä")]);
        _bus.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void ReceiveGap_OnlyThoseWhoAskedForIt_AreTold()
    {
        var missed = 0;
        var heard = 0;
        using var asked = _topic.Subscribe(_ => heard++, () => missed++);
        using var other = _topic.Subscribe(_ => heard++);
        ((ITopic)_topic).ReceiveGap();
        missed.ShouldBe(1);
        heard.ShouldBe(0);
    }

    [Fact]
    public async Task SubscribeDisposePublish_FromManyThreads_NoneIsLostAndNoneStays()
    {
        var steady = new ConcurrentBag<long>();
        using var stays = _topic.Subscribe(m => steady.Add(m.Id));
        var churn = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++) _topic.Subscribe(_ => { }).Dispose();
        }));
        var publish = Enumerable.Range(0, 2).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++) _topic.PublishHere(new Changed((n * 2_000) + i));
        }));
        await Task.WhenAll(churn.Concat(publish));
        steady.Count.ShouldBe(4_000);
        steady.Distinct().Count().ShouldBe(4_000);
        _topic.SubscriberCount.ShouldBe(1);
    }
}
