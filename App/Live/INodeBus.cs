namespace BlazorAdmin.Live;

/// <summary>Carries topic messages to the other processes on the same database. Sending never waits and never throws.</summary>
public interface INodeBus
{
    /// <summary>Queues a message for the other processes. What does not fit the bounded queue is dropped and counted; readers poll as the net.</summary>
    void Send(string topic, object message);
}
