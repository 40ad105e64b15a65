namespace PledgeTracker.Http;

/// <summary>Documents that a text member holds one of a closed vocabulary's words (a member of <see cref="Vocabulary"/>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneOfAttribute(string vocabulary) : Attribute
{
    public string Vocabulary => vocabulary;
}
