# The examples of the README of zendesk/call_center, Copyright 2013 Zendesk, Apache License 2.0
# (http://www.apache.org/licenses/LICENSE-2.0), as a page on the web shows them. What that page has
# lost is put back: each `end`, the block of `actor`, whose name is said, and the arguments of a
# `render`. Each example stands between its name in brackets and [end].

# [a flow]
class Call
  include CallCenter

  call_flow :state, :intial => :incoming do
    actor :customer do |call, event|
      "/voice/calls/flow?event=#{event}&actor=customer&call_id=#{call.id}"
    end

    state :incoming do
      response do |x|
        x.Gather :numDigits => '1', :action => customer(:wants_voicemail) do
          x.Say "Hello World"
          x.Play some_nice_music, :loop => 100
        end
        # <?xml version="1.0" encoding="UTF-8" ?>
        # <Response>
        #   <Gather numDigits="1" action="/voice/calls/flow?event=wants_voicemail&actor=customer&call_id=5000">
        #     <Say>Hello World</Say>
        #     <Play loop="100"></Play>
        #   </Gather>
        # </Response>
      end

      event :called, :to => :routing, :if => :agents_available?
      event :called, :to => :voicemail
      event :wants_voicemail, :to => :voicemail
      event :customer_hangs_up, :to => :cancelled
    end

    state :voicemail do
      response do |x|
        x.Say "Please leave a message"
        x.Record(:action => customer(:voicemail_complete))
        # <?xml version="1.0" encoding="UTF-8" ?>
        # <Response>
        #   <Say>Please leave a message</Say>
        #   <Record action="/voice/calls/flow?event=voicemail_complete&actor=customer&call_id=5000"/>
        # </Response>
      end

      event :voicemail_complete, :to => :voicemail_completed
      event :customer_hangs_up, :to => :cancelled
    end

    state :routing do
    end
  end
end
# [end]

# [serving]
def flow
  render :xml => @call.run(params[:event])
end
# [end]

# [rendering]
state :sales do
  response do |xml_builder, the_call|
    xml_builder.Say "This is #{the_call.agent}!" # Or, you can access he call implicitly
  end
end
# [end]

# [callbacks]
state :voicemail do
  before(:always) { log_start_event }

  after(:always) { log_end_event }
  after(:failure) { notify_airbrake }

  after(:success, :uniq => true) { notify_browser }
  after(:failure, :uniq => true) { notify_cleanup_browser }
end
# [end]

# [drawing]
@call.draw_call_flow(:font => 'Helvetica Neue')
# [end]
